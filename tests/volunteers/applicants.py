"""What an applicant types, and the whole way from the self-check to the receipt."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oda_portal.accounts.models import User
from tests.consents import texts_in_force
from tests.factories import UserFactory
from volunteers.models import Application, Call, Opening

ABOUT = {
    "name": "홍길동",
    "name_roman": "HONG GILDONG",
    "born_on": "1999. 3. 7.",
    "mobile": "010-1234-5678",
    "residence": "부산 해운대구",
    "affiliation": "부산대학교",
    "language": "en",
}
CONSENTS = {
    "consent_general": "yes.1",
    "consent_third_party": "no.1",
    "consent_overseas": "no.1",
    "consent_photo": "yes.1",
    "consent_promotion": "no.1",
}


def person(**fields: Any) -> User:
    """Somebody with an account and a verified address."""
    user = UserFactory(**fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def answers(*openings: Opening) -> dict[str, dict[str, str]]:
    """Right answers to every step but that with files."""
    return {
        "about": ABOUT,
        "openings": {f"choice_{rank}": str(row.pk) for rank, row in enumerate(openings, 1)},
        "skills": {"languages": "English, well", "skills": "First aid"},
        "experience": {"experience": "None so far."},
        "motivation": {"motivation": "I want to teach children what I know, and to learn. " * 2},
        "consents": {**CONSENTS, "shown_in": "ko"},
    }


def address(name: str, call: Call, *more: str, language: str = "ko") -> str:
    with translation.override(language):
        return reverse(f"volunteers:{name}", args=[call.slug, *more])


def post_step(client: Client, call: Call, step: str, values: dict[str, Any]) -> Any:
    """Open the step and send it as its page does."""
    path = address("apply_step", call, step)
    page = client.get(path)
    return client.post(path, {"base": page.context["base"], **values})


def written(call: Call, *openings: Opening, user: User | None = None) -> Application:
    """A draft in which everything is right, written without the pages."""
    from volunteers import actions

    texts_in_force()
    application = actions.begin(call, by=user or person())
    with translation.override(settings.LANGUAGE_CODE):
        for step, values in answers(*openings).items():
            assert application.write(step, values, base=application.base_of(step))
    return application


def sent(call: Call, *openings: Opening, user: User | None = None) -> Application:
    from volunteers import actions, sending

    application = written(call, *openings, user=user)
    steps = sending.steps_of(application)
    assert actions.send(application, steps, by=application.volunteer.user)
    return application
