"""The personal data in long-running work: who asked for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.destruction import destroy_row
from oda_portal.privacy.registry import PersonalData, Rows, register, wipe_too

from .models import Job


def register_all() -> None:
    register(
        PersonalData(
            key="jobs.job",
            label=_("Long-running work"),
            model=Job,
            born="asked_at",
            purpose=_("Seeing what became of work on many records, and who asked for it"),
            days=90,
            due=lambda before: Job.objects.filter(worked_at__lt=before),
            destroy=destroy_row,
            of=lambda user: Job.objects.filter(asked_by=user),
            person="asked_by",
        )
    )
    wipe_too(_drop_results)


def _drop_results(rows: Rows) -> None:
    """A list that was made a moment ago still has whoever was in it: it can be made again."""
    labels = [model._meta.label_lower for model in rows]
    for job in Job.objects.filter(arguments__model__in=labels).exclude(result=""):
        job.drop_result()
