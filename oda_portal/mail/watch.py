"""Whether mail goes out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.watching.registry import RANK, Check, Figure, Found, State, by_age, register

from .models import Message
from .models import State as MessageState
from .upkeep import LATE, waiting_for_staff

SICK = timedelta(hours=1)


def ask_mail() -> Found:
    """By the mail that waits longest, by those that the mail server puts off, and by failures."""
    oldest = Message.objects.oldest_waiting()
    failed, unknown = waiting_for_staff()
    retrying = Message.objects.filter(state=MessageState.AWAITING_RETRY)
    put_off = retrying.aggregate(number=Count("pk"), first=Min("queued_at"))
    states = [by_age(oldest, late=LATE, sick=SICK), _put_off(put_off["first"])]
    if failed or unknown:
        states.append(State.LATE)
    state = max(states, key=RANK.__getitem__)
    figures = {
        "oda_mail_waiting": Message.objects.due().count(),
        "oda_mail_retrying": put_off["number"],
        "oda_mail_oldest_seconds": oldest.total_seconds() if oldest else 0,
        "oda_mail_failed": failed,
        "oda_mail_unknown": unknown,
    }
    return Found(state, _note(figures) if state != State.OK else "", None, figures)


def _put_off(first: datetime | None) -> State:
    """Faulty when the mail server has taken nothing since the first that it put off."""
    if first is None:
        return State.OK
    age = timezone.now() - first
    if age > SICK and not Message.objects.filter(sent_at__gt=first).exists():
        return State.SICK
    return State.LATE if age > LATE else State.OK


def _note(figures: dict[str, float]) -> str | Promise:
    return _(
        "Waiting: %(waiting)s. Put off by the mail server: %(retrying)s. Failed: %(failed)s."
        " Outcome unknown: %(unknown)s."
    ) % {name.removeprefix("oda_mail_"): int(number) for name, number in figures.items()}


def register_check() -> None:
    register(
        Check(
            "mail",
            pgettext_lazy("system state", "Email"),
            _("Look at the outbox: it says of each email what the mail server answered."),
            ask_mail,
            (
                Figure("oda_mail_waiting", "Mails that should be on their way"),
                Figure("oda_mail_retrying", "Mails that wait for their next try"),
                Figure("oda_mail_oldest_seconds", "Age of the mail that waits longest"),
                Figure("oda_mail_failed", "Mails that failed within a week and wait for staff"),
                Figure("oda_mail_unknown", "Mails whose outcome nobody knows"),
            ),
        )
    )
