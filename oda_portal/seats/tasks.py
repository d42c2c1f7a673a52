"""Timed work on places; safe to run twice."""

from celery import shared_task

from . import actions


@shared_task(name="seats.expire")
def expire() -> None:
    """Offers whose time to answer ran out go to the next in line."""
    actions.expire_due()
