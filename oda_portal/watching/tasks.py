"""Timed work of watching."""

from celery import shared_task

from . import checks, looking, signs


@shared_task(name="watching.pulse")
def pulse() -> None:
    """It came from the timer through the queue to a worker: that all three live."""
    signs.give(signs.PULSE)


@shared_task(name="watching.look")
def look() -> None:
    """Every minute: what has changed is written down, with the time."""
    checks.remember_keys()
    signs.forget_workers()
    looking.remember(looking.look())
