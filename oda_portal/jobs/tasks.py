"""Long work in the background; each safe to run twice."""

from celery import shared_task

from . import actions
from .models import Job


@shared_task(name="jobs.work")
def work(job_pk: int) -> None:
    """A turn at a job; then it calls again for the rest."""
    job = Job.objects.filter(pk=job_pk).first()
    if job is not None and actions.work_off(job):
        actions.ring(job_pk)


@shared_task(name="jobs.resume")
def resume() -> None:
    """Work that somebody asked for and nobody does."""
    for job_pk in Job.objects.forgotten().values_list("pk", flat=True):
        actions.ring(job_pk)


@shared_task(name="jobs.drop_results")
def drop_results() -> None:
    """Files that came of jobs of yesterday: whoever wanted them has them."""
    for job in Job.objects.with_old_results():
        job.drop_result()
