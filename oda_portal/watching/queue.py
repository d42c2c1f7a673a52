"""The queue of the tasks, asked directly: does it answer, how much waits there, since when."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from redis import Redis

# Nobody who looks waits longer for a broker that takes connections and never answers.
PATIENCE = 1.0
QUEUE = "celery"
SENT_AT = "sent_at"  # header of each task that the portal queues: seconds since 1970


class Waiting(NamedTuple):
    number: int
    oldest: float  # age in seconds; 0 where nothing waits


def waiting() -> Waiting:
    """Raises whatever the broker's library does when it does not answer."""
    return _in_redis() if settings.REDIS_URL else _in_folder()


def _in_redis() -> Waiting:
    with Redis.from_url(
        settings.CELERY_BROKER_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
    ) as broker:
        number = int(broker.llen(QUEUE))
        # New tasks are put in at the left.
        last = broker.lindex(QUEUE, -1) if number else None
    return Waiting(number, _age(str(last, "utf-8") if isinstance(last, bytes) else ""))


def _age(message: str) -> float:
    """A task that something else than the portal queued has no time."""
    sent_at = json.loads(message)["headers"].get(SENT_AT) if message else None
    return max(0.0, time.time() - float(sent_at)) if sent_at else 0.0


def _in_folder() -> Waiting:
    folder = Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"]))
    times = []
    for file in folder.iterdir():
        try:
            times.append(file.stat().st_mtime)
        except FileNotFoundError:  # the worker has just taken it
            continue
    return Waiting(len(times), max(0.0, time.time() - min(times)) if times else 0.0)
