"""How every task carries the number of the request that asked for it, and is counted."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from celery import Task

from . import ids, metrics, queue, signs
from .registry import is_awaited

REQUEST = "request_number"


class WatchedTask(Task):
    """The class of all tasks of the portal (`oda_portal/celery.py`)."""

    abstract = True

    def apply_async(self, *args: Any, headers: Mapping[str, Any] | None = None, **options: Any):
        marks = {queue.SENT_AT: time.time(), REQUEST: ids.present()}
        return super().apply_async(*args, headers={**(headers or {}), **marks}, **options)

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        """What no request asked for has a number all the same: its own."""
        self.request.begun = time.perf_counter()
        ids.begin(self.request.get(REQUEST) or task_id.replace("-", ""))

    def on_success(self, retval: Any, task_id: str, args: Any, kwargs: Any) -> None:
        if is_awaited(self.name):
            signs.give(self.name)

    def on_failure(self, exc: Exception, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        metrics.count_unavailable(exc)

    def after_return(
        self, status: str, retval: Any, task_id: str, args: Any, kwargs: Any, einfo: Any
    ) -> None:
        outcome = "done" if status == "SUCCESS" else "failed"
        seconds = time.perf_counter() - self.request.begun
        metrics.TASKS.labels(self.name, outcome).observe(seconds)
        ids.begin("")
