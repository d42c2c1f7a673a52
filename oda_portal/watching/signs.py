"""Giving signs of life, and reading how old they are.

They are rows and not keys of the cache: whether the cache is lost is one of the questions.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from .models import Sign

log = logging.getLogger(__name__)

BEAT = "beat"
WORKER = "worker"
PULSE = "pulse"
KEYS = "keys"
# So often the timer and each worker give one.
RHYTHM = timedelta(seconds=15)


def give(name: str) -> None:
    now = timezone.now()
    if not Sign.objects.filter(name=name).update(at=now):
        Sign.objects.get_or_create(name=name, defaults={"first_at": now, "at": now})


def give_and_leave(name: str) -> None:
    """From a thread or a process that serves nobody: never fails, and keeps no connection."""
    try:
        give(name)
    except Exception as error:  # whatever the database raises: it shows as a sign that is missing
        log.warning("no sign of life of %s could be given: %s", name, type(error).__name__)
    finally:
        connection.close()


def last(name: str) -> datetime | None:
    return Sign.objects.filter(name=name).values_list("at", flat=True).first()


def age(name: str) -> timedelta | None:
    """How long ago the last sign was given; of what never gave one, since the site began.

    None while neither is known: the timer has never run here.
    """
    since = last(name) or began()
    return timezone.now() - since if since else None


def began() -> datetime | None:
    """When anything of this site first showed that it lives."""
    return Sign.objects.order_by("first_at").values_list("first_at", flat=True).first()
