from celery import shared_task
from django.conf import settings

from . import pictures


@shared_task(name="demo.hang_pictures")
def hang_pictures() -> int:
    return pictures.hang_pictures() if settings.DEMO else 0
