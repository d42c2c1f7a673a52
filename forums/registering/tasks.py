"""Timed work for those who registered; safe to run twice and at once."""

from celery import shared_task

from . import reminders


@shared_task(name="forums.remind")
def remind() -> None:
    """Whoever comes to an event in seven days, or tomorrow."""
    reminders.remind()
