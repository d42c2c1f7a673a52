"""What processes use of the machine, as /proc says it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def _stat_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def cpu_of(pid: int) -> float:
    """Seconds of CPU that one process has used."""
    return sum(map(int, _stat_of(pid)[11:13])) / TICK


def cpu_of_tree(top: int) -> float:
    """Milliseconds of a process, its children and those that it has buried."""
    total = sum(int(ticks) for ticks in _stat_of(top)[11:15])
    for child in children_of(top):
        try:
            total += sum(int(ticks) for ticks in _stat_of(child)[11:13])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total * 1000 / TICK


def children_of(top: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int(_stat_of(int(entry.name))[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == top:
                yield int(entry.name)


def memory(pid: int | str = "self") -> float:
    """What a process holds now, in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def postmaster() -> int:
    """The process that all others of the database come from."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    return int(_stat_of(backend)[1])
