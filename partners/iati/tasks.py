"""Partners' files in the background; each safe to run twice."""

from datetime import timedelta

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from oda_portal.pages.limits import may_be_done
from partners.models import IatiFile

from . import acts
from .comparing import LONGEST

# Nobody has worked at it for so long: whoever did is gone, or the call was lost.
SILENCE = timedelta(minutes=1)
# The act watches its time itself, between two parts and two findings. Should that not do, the
# worker's process is ended. It is not interrupted (`soft_time_limit`): that may happen between what
# Redis was asked and its answer, which the next question would then be given.
HARD = LONGEST + timedelta(minutes=2)
# A file that brings workers down is not given to them for ever.
TRIES, A_DAY = 3, 86_400


@shared_task(name="partners.work_on_iati", time_limit=HARD.total_seconds())
def work_on_iati(file_pk: int) -> None:
    """Read a file that was sent, or take over one that was confirmed; one worker at a time."""
    at_work = f"partners.iati:{file_pk}"
    file = IatiFile.objects.to_work_on().filter(pk=file_pk).first()
    if file is None or not cache.add(at_work, True, timeout=int(HARD.total_seconds())):
        return
    try:
        step = f"{file.pk}:{file.state}"
        if may_be_done("partners.iati", step, limit=TRIES, seconds=A_DAY):
            acts.work_on(file)
        else:
            acts.give_up(file)
    finally:
        cache.delete(at_work)


@shared_task(name="partners.resume_iati")
def resume_iati() -> None:
    """Files that are to be worked on and nobody works at."""
    silent = IatiFile.objects.to_work_on().filter(worked_at__lt=timezone.now() - SILENCE)
    for file_pk in silent.values_list("pk", flat=True):
        acts.ring(file_pk)
