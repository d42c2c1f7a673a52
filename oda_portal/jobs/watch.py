"""Whether the long work that staff asked for goes on."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.watching.registry import Check, Figure, Found, State, by_age, register, since

from .models import Job

LATE = timedelta(minutes=10)
SICK = timedelta(hours=1)


def ask_jobs() -> Found:
    """By the job that nobody has worked at for longest."""
    idle = Job.objects.nobodys().aggregate(since=Min("worked_at"))["since"]
    age = timezone.now() - idle if idle else timedelta()
    state = by_age(age, late=LATE, sick=SICK)
    unfinished = Job.objects.unfinished()
    figures = {
        "oda_jobs_running": unfinished.exclude(token="").count(),
        "oda_jobs_waiting": unfinished.filter(token="").count(),
        "oda_jobs_idle_seconds": age.total_seconds(),
    }
    return Found(state, "", since(age) if state != State.OK else None, figures)


def register_check() -> None:
    register(
        Check(
            "jobs",
            pgettext_lazy("system state", "Long-running work"),
            _("See that the worker runs; work that was cut short then goes on by itself."),
            ask_jobs,
            (
                Figure("oda_jobs_running", "Pieces of long work that are being done"),
                Figure("oda_jobs_waiting", "Pieces of long work that nobody does yet"),
                Figure("oda_jobs_idle_seconds", "Age of the long work nobody has done for longest"),
            ),
        )
    )
