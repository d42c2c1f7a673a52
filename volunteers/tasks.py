"""Timed work for applications; each safe to run twice."""

from celery import shared_task

from . import actions, interviews, offers
from .readiness import reminders


@shared_task(name="volunteers.remind")
def remind() -> None:
    """Drafts whose call closes soon."""
    actions.remind_of_deadlines()


@shared_task(name="volunteers.remind_to_answer")
def remind_to_answer() -> None:
    """Places whose time to answer ends within a day."""
    offers.remind_to_answer()


@shared_task(name="volunteers.remind_of_interviews")
def remind_of_interviews() -> None:
    """Everybody whose interview is tomorrow."""
    interviews.remind()


@shared_task(name="volunteers.remind_of_departure")
def remind_of_departure() -> None:
    """What is still to be done before somebody leaves."""
    reminders.remind()
