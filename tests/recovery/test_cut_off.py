"""A restore that was cut off: whatever serves or works refuses to start until it is done again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT

CELERY = ["-m", "celery", "-A", "oda_portal"]
STARTS = {
    "prepare": ["manage.py", "prepare"],
    "web": ["-c", "import oda_portal.wsgi"],
    "worker": [*CELERY, "worker", "--pool", "solo"],
    "beat": [*CELERY, "beat"],
}


@pytest.mark.parametrize(
    "name",
    [
        "web",
        *(
            pytest.param(name, marks=pytest.mark.thorough)
            for name in sorted(STARTS.keys() - {"web"})
        ),
    ],
)
def test_nothing_starts_before_it_is_brought_back_to_its_end(tmp_path: Path, name: str):
    ledger = tmp_path / "ledger" / "destroyed.jsonl"
    ledger.parent.mkdir()
    ledger.with_name("bringing-back").touch()
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "DEMO": "false"}
    kept = ["--schedule", str(tmp_path / "schedule")] if name == "beat" else []

    refused = subprocess.run(
        [sys.executable, *STARTS[name], *kept],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert refused.returncode == 1
    assert "was cut off before its end" in refused.stderr
