"""Timed work on decisions; safe to run twice."""

from celery import shared_task

from . import decisions


@shared_task(name="reviews.release")
def release() -> None:
    """Decisions whose announced time has come."""
    decisions.release_due()
