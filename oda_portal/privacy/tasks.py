"""Timed work on personal data."""

from celery import shared_task

from . import reporting, retention, sealing


@shared_task(name="privacy.seal")
def seal() -> None:
    sealing.seal()


@shared_task(name="privacy.destroy_due")
def destroy_due() -> None:
    """Warn, then destroy what is due; looks at personal data have their own period."""
    retention.destroy_due()
    sealing.destroy_old()


@shared_task(name="privacy.deadlines")
def deadlines() -> None:
    reporting.tell_deadlines()


@shared_task(name="privacy.report")
def report() -> None:
    reporting.tell_officers()
