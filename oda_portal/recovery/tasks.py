"""The nightly backup."""

from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from . import folder, making


@shared_task(name="recovery.back_up")
def back_up() -> None:
    """One a day, where BACKUP_DIR says where to; called again, it makes up for what was missed."""
    if not settings.BACKUP_DIR:
        return
    place = Path(settings.BACKUP_DIR)
    today = timezone.localdate()
    if any(timezone.localdate(moment) == today for moment in folder.backups(place).values()):
        return
    making.back_up(place, making.quietly)
    making.rotate(place)
