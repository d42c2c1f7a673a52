"""Work on drawn pictures that nobody waits for."""

from celery import shared_task

from .pictures import keeping


@shared_task(name="structured.sweep_pictures")
def sweep_pictures() -> None:
    keeping.sweep()
