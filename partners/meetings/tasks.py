"""Timed work of the network; each safe to run twice."""

from celery import shared_task

from . import reminders


@shared_task(name="partners.remind_of_items")
def remind_of_items() -> None:
    """What somebody said they would do, and has not done yet."""
    reminders.remind_of_items()


@shared_task(name="partners.remind_of_agreements")
def remind_of_agreements() -> None:
    """Agreements that end soon, to staff."""
    reminders.remind_of_agreements()
