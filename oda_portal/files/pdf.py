"""PDF documents: nothing in them may act, and nothing may be hidden from the look."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .refusals import refusal

_SCAN = Path(__file__).with_name("pdf_scan.py")

# The scan ends itself after 20 s of work; on a busy machine that takes longer.
TIMEOUT = 60

_REFUSALS = {"active": "file_active", "locked": "file_locked"}


def check_pdf(data: bytes) -> None:
    """Raises ValidationError unless the document is readable, open and inert."""
    if not data.startswith(b"%PDF-"):
        raise refusal("file_mismatch")
    found = _scan(data)
    if found != "clean":
        raise refusal(_REFUSALS.get(found, "file_damaged"))


def _scan(data: bytes) -> str:
    """The word that `pdf_scan` says; empty when it was ended for what the file asked of it."""
    try:
        finished = subprocess.run(  # noqa: S603  (our own program; the file goes to its input)
            [sys.executable, "-I", str(_SCAN)],
            input=data,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return finished.stdout.decode() if finished.returncode == 0 else ""
