"""Timed work of content care."""

from celery import shared_task

from . import keeping


@shared_task(name="care.look_after_everything")
def look_after_everything() -> int:
    return sum(count for _cared, count in keeping.look_after_everything())
