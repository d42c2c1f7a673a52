"""Giving signs of life, and reading how old they are.

They are rows and not keys of the cache: whether the cache is lost is one of the questions.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

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
# Each worker gives one under its own name too: of several, a dead one would not be missed.
EACH_WORKER = f"{WORKER}:"
# So long one that ended without a word is looked for.
MISSED_FOR = timedelta(days=1)


def give(name: str) -> None:
    now = timezone.now()
    if not Sign.objects.filter(name=name).update(at=now):
        Sign.objects.get_or_create(name=name, defaults={"first_at": now, "at": now})


class Workers(NamedTuple):
    alive: int
    missed: int


def workers(silent: timedelta) -> Workers:
    """How many gave a sign in this last time, and how many fell silent and were not replaced.

    Whichever began after one fell silent, alive or gone again, came in the place of one.
    """
    now = timezone.now()
    known = list(
        Sign.objects.filter(name__startswith=EACH_WORKER, at__gte=now - MISSED_FOR)
        .order_by("at")
        .values_list("first_at", "at")
    )
    gone = [at for _first_at, at in known if at < now - silent]
    came = [first_at for first_at, _at in known if gone and first_at > gone[0]]
    return Workers(len(known) - len(gone), max(0, len(gone) - len(came)))


def forget_workers() -> None:
    """Those that are no longer missed."""
    before = timezone.now() - MISSED_FOR
    Sign.objects.filter(name__startswith=EACH_WORKER, at__lt=before).delete()


def take_leave(name: str) -> None:
    """Of what ends because somebody wants it to: it is missed by nobody."""
    _and_leave(name, lambda: Sign.objects.filter(name=name).delete())


def give_and_leave(name: str) -> None:
    """From a thread or a process that serves nobody: never fails, and keeps no connection."""
    _and_leave(name, lambda: give(name))


def _and_leave(name: str, act: Callable[[], object]) -> None:
    try:
        act()
    except Exception as error:  # whatever the database raises: it shows as a sign that is missing
        log.warning("no sign of life of %s could be written: %s", name, type(error).__name__)
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
