"""A round that staff decide about: applications in review, and results that come later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.mail.models import Message
from oda_portal.reviews import decisions
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    ChoiceFactory,
    OpeningFactory,
    StaffFactory,
)
from tests.volunteers.applicants import person
from volunteers import deciding
from volunteers.deciding import Wish
from volunteers.models import Application, Call, Opening


def call_in_review(**fields: Any) -> Call:
    """Closed yesterday; results tomorrow, answers within the three days after."""
    now = timezone.now()
    times = {
        "opens_at": now - timedelta(days=30),
        "closes_at": now - timedelta(days=1),
        "released_at": now + timedelta(days=1),
        "confirm_by": now + timedelta(days=4),
    }
    return CallFactory(**{**times, **fields})


def opening_in_review(places: int, **fields: Any) -> Opening:
    return OpeningFactory(
        call=fields.pop("call", None) or call_in_review(),
        pool__capacity=places,
        departs_on=timezone.localdate() + timedelta(days=90),
        returns_on=timezone.localdate() + timedelta(days=100),
        **fields,
    )


def applicant(
    opening: Opening, *, state: str = "screening", user: User | None = None
) -> Application:
    """Somebody whose first choice is this opening."""
    application = ApplicationFactory(
        call=opening.call,
        volunteer__user=user or person(),
        state=state,
        receipt=f"{Application.objects.count():05}-23456",
        sent_at=timezone.now(),
    )
    ChoiceFactory(application=application, opening=opening, rank=1)
    return application


def decide(application: Application, act: str, opening: Opening | None = None, **wish: Any) -> bool:
    opening = opening or application.choices.get(rank=1).opening
    wanted = None if act == "not_select" else opening
    return deciding.decide(Wish(application, wanted, **wish), act, by=StaffFactory())


def release(call: Call) -> int:
    """Let the time of the results come."""
    past = timezone.now() - timedelta(minutes=1)
    Call.objects.filter(pk=call.pk).update(closes_at=past - timedelta(days=2), released_at=past)
    return decisions.release_due()


def states(*rows: Application) -> list[str]:
    found = dict(Application.objects.values_list("pk", "state"))
    return [found[row.pk] for row in rows]


def mails(kind: str) -> list[int | None]:
    """Whom mails of this kind are about, oldest first."""
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("about_id", flat=True))
