"""A process that is forked off the worker: the timer of `-B`, a worker after one that died."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT

FORKED = """
import os, threading
import django

django.setup()
from oda_portal.watching import working

begun, speaking = threading.Event(), []

def speak():
    with working.SPEAKING:
        speaking.append(True)
        begun.set()
        threading.Event().wait(0.3)
        speaking.clear()

threading.Thread(target=speak).start()
begun.wait()
if os.fork() == 0:
    os._exit(3 if speaking or working.SPEAKING.locked() else 0)
print(os.waitstatus_to_exitcode(os.wait()[1]))
"""


@pytest.mark.thorough
def test_nobody_is_forked_off_in_the_middle_of_a_sign(tmp_path: Path):
    """Else the child waits for ever for a lock of SQLite that only the thread could open."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "oda_portal.settings",
        "VAR_DIR": str(tmp_path),
    }
    told = subprocess.run(
        [sys.executable, "-c", FORKED],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert told.stdout.strip() == "0"
