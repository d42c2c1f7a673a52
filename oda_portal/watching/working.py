"""How the timer and each worker show that they live, and how a worker's own figures are read."""

from __future__ import annotations

import os
import threading
import time
from typing import Any
from wsgiref.simple_server import WSGIServer

from celery import bootsteps
from celery.beat import PersistentScheduler
from django.conf import settings
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

from . import signs

# Held while the thread speaks to the database, and while a process is forked off: a child that came
# to be in the middle of it would wait for ever for locks that nobody holds there (the timer of a
# worker with -B did, at its first question to SQLite).
SPEAKING = threading.Lock()
os.register_at_fork(
    before=SPEAKING.acquire,
    after_in_parent=SPEAKING.release,
    after_in_child=SPEAKING.release,
)


# What a sign of life has room for, beside the number of the process.
MOST_LETTERS = 80


class WatchedScheduler(PersistentScheduler):
    """The timer; it gives a sign of life by itself, so that it is told from a dead worker."""

    given = float("-inf")

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if time.monotonic() - self.given >= signs.RHYTHM.total_seconds():
            self.given = time.monotonic()
            signs.give_and_leave(signs.BEAT)
        return super().tick(*args, **kwargs)


class SignsOfLife(bootsteps.StartStopStep):
    """A thread of the worker that says every 15 seconds that it lives, timer or no timer."""

    requires = {"celery.worker.components:Pool"}

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        super().__init__(worker, **kwargs)
        self.ended = threading.Event()
        # Two on one machine may bear the same name.
        self.name = f"{signs.EACH_WORKER}{worker.hostname[:MOST_LETTERS]}:{os.getpid()}"

    def start(self, worker: Any) -> None:
        threading.Thread(target=self._go_on, name="signs-of-life", daemon=True).start()

    def stop(self, worker: Any) -> None:
        """It was told to end; what it has in hand is brought to its end after this."""
        with SPEAKING:
            self.ended.set()
            signs.take_leave(self.name)

    terminate = stop

    def _go_on(self) -> None:
        self._give()
        while not self.ended.wait(signs.RHYTHM.total_seconds()):
            self._give()

    def _give(self) -> None:
        with SPEAKING:
            if not self.ended.is_set():
                signs.give_and_leave(self.name)
                signs.give_and_leave(signs.WORKER)


class OwnFigures(bootsteps.StartStopStep):
    """Where a worker shares no folder with the web server, it gives its figures out itself."""

    requires = {"celery.worker.components:Pool"}
    server: WSGIServer | None = None

    def include_if(self, worker: Any) -> bool:
        return settings.WORKER_METRICS_PORT > 0

    def start(self, worker: Any) -> None:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(settings.METRICS_ROOT))
        self.server, _thread = start_http_server(settings.WORKER_METRICS_PORT, registry=registry)

    def stop(self, worker: Any) -> None:
        if self.server:
            self.server.shutdown()
