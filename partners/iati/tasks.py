"""Partners' files in the background; each safe to run twice."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from partners.models import IatiFile

from . import acts

# Nobody has worked at it for so long: whoever did is gone, or the call was lost.
SILENCE = timedelta(minutes=1)


@shared_task(name="partners.work_on_iati")
def work_on_iati(file_pk: int) -> None:
    """Read a file that was sent, or take over one that was confirmed."""
    file = IatiFile.objects.to_work_on().filter(pk=file_pk).first()
    if file is not None:
        acts.work_on(file)


@shared_task(name="partners.resume_iati")
def resume_iati() -> None:
    """Files that are to be worked on and nobody works at."""
    silent = IatiFile.objects.to_work_on().filter(worked_at__lt=timezone.now() - SILENCE)
    for file_pk in silent.values_list("pk", flat=True):
        acts.ring(file_pk)
