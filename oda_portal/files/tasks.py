"""Work on pictures that nobody waits for."""

from celery import shared_task
from django.apps import apps

from . import renditions, staging, sweeping


@shared_task(name="files.make_renditions")
def make_renditions(label: str, pk: int) -> None:
    """Make what is missing of one picture, or remove what must no longer be seen."""
    subject = renditions.with_owner(apps.get_model(label)).filter(pk=pk).first()
    if subject is not None:
        renditions.remove_unseen(subject)
    if subject is not None and subject.may_be_seen():
        renditions.make_renditions(subject)


@shared_task(name="files.sweep_renditions")
def sweep_renditions() -> None:
    sweeping.sweep_renditions()
    sweeping.sweep_originals()
    staging.sweep_staged()
