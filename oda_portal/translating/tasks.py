"""Timed work about translations; safe to run twice."""

from celery import shared_task

from . import reminders


@shared_task(name="translating.tell")
def tell() -> None:
    """To whoever keeps a language: what is out of date in it, and what is missing."""
    reminders.tell()
