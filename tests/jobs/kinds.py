"""A kind of job for tests: it counts, and does with each number what it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from oda_portal.jobs import registry
from oda_portal.jobs.models import Job
from oda_portal.jobs.registry import JobKind
from oda_portal.publishing.models import Source

KIND = "tests.counting"


def counting(job: Job) -> Iterator[None]:
    """A row for each number, together with the progress."""
    for number in range(job.done, job.total or 0):
        with job.part():
            Source.objects.create(key=f"row-{number}", what=f"{number}")
            job.done = number + 1
        yield


@contextmanager
def a_kind(work: Callable[[Job], Iterator[None]] = counting, **values: Any) -> Iterator[JobKind]:
    kind = JobKind(KIND, "Counting", work, **values)
    registry.register(kind)
    try:
        yield kind
    finally:
        del registry._kinds[KIND]


def in_any_order(job: Job) -> Iterator[None]:
    """Parts of the simple kind: a transaction each, and the engine writes how far it is."""
    while job.done < (job.total or 0):
        with transaction.atomic():
            Source.objects.get_or_create(key=f"row-{job.done}", defaults={"what": "x"})
        job.done += 1
        yield
