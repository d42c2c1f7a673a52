"""Whether what changed is worked off: the index of the search, what the content lacks."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.watching.registry import Check, Figure, Found, State, by_age, register, since

from .models import Dirty

LATE = timedelta(minutes=5)
SICK = timedelta(hours=1)


def ask_changes() -> Found:
    waiting = Dirty.objects.order_by().aggregate(number=Count("pk"), first=Min("at"))
    age = timezone.now() - waiting["first"] if waiting["first"] else timedelta()
    state = by_age(age, late=LATE, sick=SICK)
    figures = {
        "oda_changes_waiting": waiting["number"],
        "oda_changes_oldest_seconds": age.total_seconds(),
    }
    return Found(state, "", since(age) if state != State.OK else None, figures)


def register_check() -> None:
    register(
        Check(
            "search",
            pgettext_lazy("system state", "Index of the search"),
            _("See that timer and worker run; what changed is then taken in by itself."),
            ask_changes,
            (
                Figure("oda_changes_waiting", "Changes that the search does not know yet"),
                Figure("oda_changes_oldest_seconds", "Age of the oldest of these changes"),
            ),
        )
    )
