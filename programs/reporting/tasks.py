"""Publishing in the background: soon after a change, and every hour; at night, measuring."""

from __future__ import annotations

from celery import shared_task

from oda_portal.accounts.models import User

from . import measuring, progress, publishing


@shared_task(name="programs.publish_iati")
def publish_iati(by_pk: int | None = None) -> None:
    """Publish what there is now; whoever finds somebody at it has them go round once more."""
    by = User.objects.filter(pk=by_pk).first() if by_pk else None
    if progress.begin():
        try:
            publishing.publish(by=by, tell=progress.tell)
        finally:
            if progress.end():
                publish_iati.delay()


@shared_task(name="programs.measure_reporting")
def measure_reporting() -> None:
    """Measure every programme anew: what a change did not tell of, such as a new rule."""
    measuring.measure_all()
