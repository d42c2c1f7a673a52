"""People whose place is certain, and what they type before they leave."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation

from oda_portal.accounts.models import User
from tests.consents import texts_in_force
from tests.factories import ApplicationFactory, OpeningFactory
from tests.volunteers.applicants import person
from tests.volunteers.staff import page_of
from volunteers.models import Application, ChecklistItem, Opening, Readiness, State
from volunteers.readiness import checklists

Kind = ChecklistItem.Kind

_numbers = count(10000)

PASSPORT = {
    "consent_identifier": "yes.1",
    "number": "M123A4567",
    "name": "HONG GILDONG",
    "nationality": "Korea",
    "expires_on": "2031-08-31",
}
HEALTH = {
    "consent_sensitive": "yes.1",
    "vaccinations": "Hepatitis A, May 2026",
    "to_know": "Allergic to peanuts",
}
EMERGENCY = {
    "consent_emergency": "yes.1",
    "name": "홍판서",
    "relation": "아버지",
    "telephone": "010-9876-5432",
}
GUARDIAN = {
    "consent_guardian": "yes.1",
    "guardian_name": "홍판서",
    "guardian_mobile": "010-9876-5432",
}
ROLE = {"consent_role": "yes.1"}
TYPED: dict[str, dict[str, str]] = {
    Kind.PASSPORT: PASSPORT,
    Kind.VACCINATION: HEALTH,
    Kind.EMERGENCY_CONTACT: EMERGENCY,
    Kind.ROLE_AGREEMENT: ROLE,
}


def opening_in(days: int, **fields: Any) -> Opening:
    """An opening that leaves in so many days, for a week."""
    departs = timezone.localdate() + timedelta(days=days)
    return OpeningFactory(
        **{"departs_on": departs, "returns_on": departs + timedelta(days=7), **fields}
    )


def going(opening: Opening, *, user: User | None = None, **fields: Any) -> Application:
    """Somebody who has confirmed; nothing is done yet and nobody was told anything."""
    texts_in_force()
    known = {"volunteer__name": "홍길동", "volunteer__name_roman": "HONG GILDONG"}
    known["volunteer__born_on"] = date(1999, 3, 7)
    return ApplicationFactory(
        **{
            "call": opening.call,
            "opening": opening,
            "state": State.CONFIRMED,
            "receipt": f"ABCDE-{next(_numbers)}",
            "sent_at": timezone.now(),
            "language": "en",
            "volunteer__user": user or person(),
            **known,
            **fields,
        }
    )


def with_checklist(opening: Opening, **due: date) -> Opening:
    """Its checklist, with other days for some items: `passport=date(…)`."""
    checklists.ensure(opening)
    for kind, day in due.items():
        ChecklistItem.objects.filter(opening=opening, kind=kind).update(due_on=day)
    return opening


def only(opening: Opening, *kinds: str) -> None:
    """Of the checklist nothing is wanted but these."""
    ChecklistItem.objects.filter(opening=opening).exclude(kind__in=kinds).update(is_wanted=False)


def put(application: Application, kind: str, state: str, **values: Any) -> Readiness:
    """An item in a state, as if it had come there."""
    item = ChecklistItem.objects.get(opening=application.opening, kind=kind)
    row, _made = Readiness.objects.update_or_create(
        application=application, item=item, defaults={"state": state, **values}
    )
    return row


def state_of(application: Application, kind: str) -> str:
    """What the item stands at; empty where there is no row."""
    row = Readiness.objects.filter(application=application, item__kind=kind).first()
    return row.state if row else ""


def departure(application: Application, kind: str = "", *, language: str = "ko") -> str:
    name = "departure_item" if kind else "departure_detail"
    with translation.override(language):
        return reverse(f"volunteers:{name}", args=[application.uuid, *([kind] if kind else [])])


def board(opening: Opening, page: str = "", *args: Any, language: str = "ko") -> str:
    """A page of the readiness board in the back office; without a name, the board itself."""
    return page_of(f"call_readiness{page}", opening.call_id, *args, language=language)


def subjects(application: Application) -> list[str]:
    """The person as the record of looks names them."""
    volunteer = application.volunteer
    return [
        f"volunteers.application {application.pk}",
        f"volunteers.volunteer {volunteer.pk}",
        f"accounts.user {volunteer.user_id}",
    ]
