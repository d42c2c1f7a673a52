"""Timed work for applications; each safe to run twice."""

from celery import shared_task

from . import actions


@shared_task(name="volunteers.remind")
def remind() -> None:
    """Drafts whose call closes soon."""
    actions.remind_of_deadlines()


@shared_task(name="volunteers.tell_results")
def tell_results() -> None:
    """Results whose announced time has come."""
    actions.tell_results()
