"""What a certificate costs: one that is issued by itself, and those of a batch.

    [DATABASE_URL=… REDIS_URL=… FIELD_KEYS=…] python -m benchmarks.certificates [people]

In a database of its own, which it makes and takes away. 500 people, unless said, are a batch.
The task of the worker runs in this process, again and again as it would call itself; after each
turn the progress is printed as the page of the batch shows it. Times are those of the processor and
of the clock for each certificate: the print, the rows with their trail, the mail in the outbox.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.places import numbered, own_database, set_up

PEOPLE = 500


class Watch:
    """Seconds of the clock, and of the processor in all threads of this process."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu

    def per(self, number: int) -> str:
        return f"{self.cpu / number:.3f} s CPU, {self.wall / number:.3f} s wall a certificate"


def one() -> None:
    """After a first one, with which a process loads its fonts."""
    from oda_portal.certificates import actions
    from tests.certificates.samples import KIND, a_holder

    actions.issue(KIND, a_holder(), by=None)
    holder, watch = a_holder(), Watch()
    with watch.running():
        actions.issue(KIND, holder, by=None)
    print(f"one: {watch.per(1)}", flush=True)


def batch_of(number: int) -> None:
    from oda_portal.certificates import actions, tasks
    from oda_portal.certificates.models import Batch, Certificate
    from tests.certificates.samples import KIND, a_holder
    from tests.factories import StaffFactory

    before = Certificate.objects.count()
    batch: Any = actions.start_batch(
        KIND, [a_holder() for _turn in range(number)], by=StaffFactory()
    )
    watch = Watch()
    while batch.is_running:
        with watch.running():
            tasks.issue_batch(batch.pk)
        batch = Batch.objects.with_counts().get(pk=batch.pk)
        print(f"{batch.done:>6}/{batch.total}, {batch.failed} failed", flush=True)
    if Certificate.objects.count() - before != number:
        raise SystemExit("not everybody got one")
    print(f"batch of {number}: {watch.per(number)}; {watch.wall:.0f} s in all", flush=True)


def measure(number: int) -> None:
    from tests.certificates.samples import a_kind
    from tests.factories import OfficeFactory

    OfficeFactory()
    with a_kind():
        one()
        batch_of(number)


def main() -> None:
    number = numbered(__doc__, PEOPLE, of="people").parse_args().number
    set_up()
    from django.conf import settings
    from django.db import connection

    # Nobody signs in here, and to keep a password well takes longer than a certificate.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with own_database():
        print(f"database {connection.vendor}", flush=True)
        measure(number)


if __name__ == "__main__":
    main()
