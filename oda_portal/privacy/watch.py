"""Whether looks are sealed, and personal data destroyed when its time is over."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.watching import signs
from oda_portal.watching.registry import (
    Check,
    Figure,
    Found,
    State,
    await_task,
    by_age,
    register,
    since,
)

from .models import AccessRecord, Seal
from .sealing import LONGEST_UNSEALED

UNSEALED_SICK = timedelta(hours=24)
# Once a night, and a second one that failed.
DESTROYED_LATE = timedelta(hours=26)
DESTROYED_SICK = timedelta(hours=50)
DESTROY = "privacy.destroy_due"


def ask_seals() -> Found:
    """By the oldest look that no seal covers."""
    last = Seal.objects.aggregate(at=Max("newest_at"), last_id=Max("last_id"))
    unsealed = AccessRecord.objects.filter(pk__gt=last["last_id"] or 0).aggregate(at=Min("at"))
    age = timezone.now() - unsealed["at"] if unsealed["at"] else timedelta()
    figures = {"oda_seal_unsealed_seconds": age.total_seconds()}
    state = by_age(age, late=LONGEST_UNSEALED, sick=UNSEALED_SICK)
    return Found(state, "", since(age) if state != State.OK else None, figures)


def ask_destruction() -> Found:
    """By the last time that the nightly work came to its end."""
    age = signs.age(DESTROY)
    if age is None:
        return Found(State.UNKNOWN, _("It has not run here yet."))
    state = by_age(age, late=DESTROYED_LATE, sick=DESTROYED_SICK)
    figures = {"oda_destruction_seconds": age.total_seconds()}
    return Found(state, "", since(age) if state != State.OK else None, figures)


def register_checks() -> None:
    await_task(DESTROY)
    register(
        Check(
            "seals",
            pgettext_lazy("system state", "Seals of the access log"),
            _("See that timer and worker run, then have the log verified."),
            ask_seals,
            (Figure("oda_seal_unsealed_seconds", "Age of the oldest look that has no seal yet"),),
        )
    )
    register(
        Check(
            "destruction",
            pgettext_lazy("system state", "Destruction of personal data"),
            _("See that timer and worker run; it is made up for in the next night."),
            ask_destruction,
            (Figure("oda_destruction_seconds", "Seconds since destruction last came to its end"),),
        )
    )
