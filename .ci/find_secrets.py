"""Refuse files in git that hold a key, a token or a password; with arguments, these files alone.

What looks like one and is none stands in .ci/known_secrets.txt: path, the first letters of the
finding's SHA-1, and why.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import default_settings, transient_settings

KNOWN = Path(".ci/known_secrets.txt")
# Hashes, outlines and translations, long and many: they are looked at when a key begins there.
BEGINS = re.compile(
    r"-----BEGIN|A[KS]IA[0-9A-Z]|gh[oprsu]_|github_pat_|glpat-|xox[abprs]-|AIza|eyJ[\w-]+\.|"
    r"[rs]k_live|SG\.|npm_|pypi-|://[^/\s:@]+:[^/\s:@]+@"
)
DATA = {".lock", ".po", ".json", ".svg", ".csv", ".xml", ".xsd", ".jsonl", ".tsv", ".yaml"}
# Tests have passwords of people who do not exist.
OF_TESTS = ("tests/", "benchmarks/")
GUESSES = {"Base64HighEntropyString", "HexHighEntropyString"}
WORDS = {"KeywordDetector"}
FILTERS = ("allowlist.is_line_allowlisted", "heuristic.is_not_alphanumeric_string",
           "heuristic.is_potential_uuid", "heuristic.is_sequential_string",
           "heuristic.is_templated_secret")  # fmt: skip


def plugins_for(path: str) -> frozenset[str]:
    """Names of the plugins that are left out for a file."""
    if Path(path).suffix in DATA:
        return frozenset(GUESSES | WORDS)
    return frozenset(WORDS) if path.startswith(OF_TESTS) else frozenset()


def may_hold_one(path: str) -> bool:
    if Path(path).suffix not in DATA:
        return True
    return bool(BEGINS.search(Path(path).read_text(encoding="utf-8", errors="replace")))


def findings(paths: list[str]) -> Iterator[PotentialSecret]:
    with default_settings() as settings:
        plugins = settings.json()["plugins_used"]
    for left_out in sorted({plugins_for(path) for path in paths}, key=sorted):
        used = [plugin for plugin in plugins if plugin["name"] not in left_out]
        filters = [{"path": f"detect_secrets.filters.{name}"} for name in FILTERS]
        with transient_settings({"plugins_used": used, "filters_used": filters}):
            for path in paths:
                if plugins_for(path) == left_out and may_hold_one(path):
                    yield from scan_file(path)


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True, text=True)  # noqa: S607
    return [path for path in listed.stdout.split("\0") if path and Path(path).is_file()]


def known() -> set[tuple[str, str]]:
    lines = KNOWN.read_text(encoding="utf-8").splitlines()
    parts = [line.split(maxsplit=2) for line in lines if line and not line.startswith("#")]
    return {(path, digest) for path, digest, _why in parts}


def main() -> None:
    harmless = known()
    faults = {
        f"{each.filename}:{each.line_number}: {each.type} ({each.secret_hash[:12]})"
        for each in findings(sys.argv[1:] or tracked())
        if (each.filename, each.secret_hash[:12]) not in harmless
    }
    sys.exit("\n".join(sorted(faults)) or 0)


main()
