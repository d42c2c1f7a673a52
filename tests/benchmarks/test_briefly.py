"""Each benchmark runs to its end and tells what it counted; what that costs is not judged here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="measured in its processes"),
]

FOLDER = Path(settings.BASE_DIR, "benchmarks")
# Asked for elsewhere: tests/benchmarks/test_generating.py and test_measuring.py.
ELSEWHERE = {"generate", "scale"}
# Its program comes from npm, and is no part of what `./runtests` brings up.
NOT_HERE = {"lighthouse"}
# Goals are for large numbers on a machine that has nothing else to do.
MISSED = re.compile(r"^(missed: |below |above )")


class Brief(NamedTuple):
    """Arguments that make it brief, and what stands in the lines that it prints."""

    arguments: str
    lines: tuple[str, ...]


BRIEF = {
    "admin_lists": Brief(
        "200 audit_transition",
        (
            r"audit_transition with nothing kept: ([1-9]|1[0-2]) questions",
            r"audit_transition rare word: ([1-9]|1[0-2]) questions, \d+ ms over 100",
            r"audit_transition by to_state: ([1-9]|1[0-2]) questions",
        ),
    ),
    "certificates": Brief("3", (r"3/3, 0 failed", r"batch of 3: ")),
    "digest": Brief("30", (r"30 mails to 30 subscribers", r"memory first \S+ MB, last \S+ MB")),
    "form_pages": Brief("1", (r"submit zh-hans +[\d,]+", r"statements at most \d+ of 12")),
    "forum_rush": Brief(
        "1 --people 20",
        (r'"confirmed": 4, "pool": 4, "waiting": 16, "line is right": true', r"1 rounds, 0 not"),
    ),
    "iati_export": Brief("8", (r"8 activities in", r"the same bytes twice: [0-9a-f]{64}")),
    "imports": Brief("40", (r"check 40 rows: .* no error", r"write 40 rows: .* no error")),
    "kept": Brief(
        "20 --seconds 1 --rounds 1",
        (r"\| page, kept \| .* \| 0 \| \d+ \|", r"\| 304, kept \| .* \| 0 \| 0 \|"),
    ),
    "last_seats": Brief(
        "1 --people 30",
        (r'"confirmed": 10, "seats held": 10, "pool": 10, "mails": 10', r"1 rounds, 0 not exact"),
    ),
    "mail_rate": Brief("60", (r"60 sent, \S+ MB", r"median of \d turns")),
    "open_data": Brief("300", (r"CSV: 301 lines", r"JSON: 300 lines")),
    "page_cpu": Brief(
        "1 --rounds 1",
        tuple(f"^{name}: " for name in ("home", "list", "programme", "article", "search")),
    ),
    "search": Brief("300", (r"en rare lighthouse: .* \(20 found\), .* \(20 found\)",)),
}


@pytest.mark.parametrize("name", BRIEF)
def test_it_runs_to_its_end(name: str):
    command = [sys.executable, "-m", f"benchmarks.{name}", *BRIEF[name].arguments.split()]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=surroundings(), capture_output=True, text=True
    )

    ending = (done.stderr.strip().splitlines() or [""])[-1]
    assert done.returncode == 0 or MISSED.match(ending), done.stderr[-3000:]
    for line in BRIEF[name].lines:
        assert re.search(line, done.stdout, re.MULTILINE), f"{line}\n{done.stdout[-3000:]}"


def test_every_benchmark_is_run_somewhere():
    commands = {path.stem for path in FOLDER.glob("*.py") if "def main(" in path.read_text()}

    assert commands == BRIEF.keys() | ELSEWHERE | NOT_HERE


def surroundings() -> dict[str, str]:
    """Those of the tests, on whose server it makes a database of its own.

    In Redis it empties the database of this process, and not the one in which others have queues.
    """
    return {
        **os.environ,
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "REDIS_URL": caches.settings["default"]["LOCATION"],
    }
