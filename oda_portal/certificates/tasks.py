"""Batches in the background; each safe to run twice."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from . import actions
from .models import Batch

# Nobody has worked at it for so long: whoever did is gone, or the call was lost.
SILENCE = timedelta(minutes=1)


@shared_task(name="certificates.issue_batch")
def issue_batch(batch_pk: int) -> None:
    """The next certificates of a batch; then it calls again for the rest."""
    batch = Batch.objects.filter(pk=batch_pk).first()
    if batch is not None and actions.work_off(batch):
        issue_batch.delay(batch_pk)


@shared_task(name="certificates.resume")
def resume() -> None:
    """Batches that somebody began and nobody works at."""
    silent = Batch.objects.unfinished().filter(worked_at__lt=timezone.now() - SILENCE)
    for batch in silent:
        actions.ring(batch.pk)
