"""Timed work of news."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings
from redis.exceptions import RedisError

from . import tallies

log = logging.getLogger(__name__)


@shared_task(name="news.write_down_readers")
def write_down_readers() -> None:
    """Every 20 seconds: what Redis counted goes into the database. The embedded site has none."""
    if not settings.REDIS_URL:
        return
    try:
        tallies.write_down()
    except RedisError as error:  # what it has counted waits there
        log.warning("readers were not written down: %s", type(error).__name__)
