"""Refuse files in git that hold a key, a token or a password; with arguments, these files alone.

With --history: what a commit added and a later one took out, for whoever has git has that as well.
What looks like one and is none stands in .ci/known_secrets.txt: path, the first letters of the
finding's SHA-1, and why.
"""

import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

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
# A merge by what it adds to each of its parents; said alike whatever git is told elsewhere.
LOG = ("git", "-c", "core.quotePath=off", "-c", "log.showRoot=true", "log", "-p",
       "--diff-merges=separate", "-U0", "--inter-hunk-context=0", "--format=commit %H",
       "--no-renames", "--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/",
       "--dst-prefix=b/")  # fmt: skip
HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


def plugins_for(path: str) -> frozenset[str]:
    """Names of the plugins that are left out for a file."""
    if Path(path).suffix in DATA:
        return frozenset(GUESSES | WORDS)
    return frozenset(WORDS) if path.startswith(OF_TESTS) else frozenset()


def may_hold_one(text: Path) -> bool:
    if text.suffix not in DATA:
        return True
    return bool(BEGINS.search(text.read_text(encoding="utf-8", errors="replace")))


def findings(texts: dict[str, Path]) -> Iterator[tuple[str, PotentialSecret]]:
    """Each with the path of its file; `texts` says where the text of each path lies."""
    with default_settings() as settings:
        plugins = settings.json()["plugins_used"]
    for left_out in sorted({plugins_for(path) for path in texts}, key=sorted):
        used = [plugin for plugin in plugins if plugin["name"] not in left_out]
        filters = [{"path": f"detect_secrets.filters.{name}"} for name in FILTERS]
        with transient_settings({"plugins_used": used, "filters_used": filters}):
            for path, text in texts.items():
                if plugins_for(path) == left_out and may_hold_one(text):
                    yield from ((path, each) for each in scan_file(str(text)))


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True, text=True)  # noqa: S607
    return [path for path in listed.stdout.split("\0") if path and Path(path).is_file()]


def has_history() -> bool:
    """Not where there is no git, as in an archive of the files, or no commit yet."""
    try:
        asked = ["git", "rev-parse", "--verify", "HEAD"]
        return subprocess.run(asked, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def added() -> Iterator[tuple[str, str, bytes]]:
    """Commit, path and text of each line that a commit added, the newest commit first."""
    commit = path = ""
    left = 0  # lines of a hunk that are still to come: they may look like anything
    with subprocess.Popen(LOG, stdout=subprocess.PIPE) as git:
        for line in git.stdout or ():
            if left:
                left -= not line.startswith(b"\\")  # “No newline at end of file”
                if line.startswith(b"+"):
                    yield commit, path, line[1:].rstrip(b"\n")
            elif line.startswith(b"commit "):
                commit = line.split()[1].decode()
            elif line.startswith(b"+++ "):
                path = line[4:].decode(errors="replace").strip('"\t\n').removeprefix("b/")
            elif found := HUNK.match(line):
                left = sum(int(count or 1) for count in found.groups())
    if git.returncode:
        sys.exit(f"git log ended with {git.returncode}")


def taken_out() -> dict[str, dict[bytes, str]]:
    """Of each path the lines that are no longer there, with the commit that first added them."""
    gone: dict[str, dict[bytes, str]] = defaultdict(dict)
    for commit, path, line in added():
        gone[path][line] = commit
    for path, lines in gone.items():
        if Path(path).is_file():  # what is still there is read with the files
            for line in Path(path).read_bytes().split(b"\n"):
                lines.pop(line, None)
    return {path: lines for path, lines in gone.items() if lines}


def in_files(paths: list[str]) -> Iterator[tuple[str, str, PotentialSecret]]:
    for path, each in findings({path: Path(path) for path in paths}):
        yield path, f"{path}:{each.line_number}", each


def in_history() -> Iterator[tuple[str, str, PotentialSecret]]:
    """What was taken out is read as files again: of each path all its lines in one."""
    gone = taken_out()
    with TemporaryDirectory() as folder:
        texts = {}
        for number, (path, lines) in enumerate(gone.items()):
            # In a folder of its own: one path may be a file and, in another commit, a folder.
            texts[path] = Path(folder, str(number), Path(path).name)
            texts[path].parent.mkdir()
            texts[path].write_bytes(b"\n".join(lines))
        for path, each in findings(texts):
            commit = dict(enumerate(gone[path].values(), start=1)).get(each.line_number, "HEAD")
            yield path, f"{commit[:12]} {path}", each


def known() -> set[tuple[str, str]]:
    lines = KNOWN.read_text(encoding="utf-8").splitlines()
    parts = [line.split(maxsplit=2) for line in lines if line and not line.startswith("#")]
    return {(path, digest) for path, digest, _why in parts}


def main() -> None:
    if sys.argv[1:] != ["--history"]:
        found = in_files(sys.argv[1:] or tracked())
    else:
        found = in_history() if has_history() else iter(())
    harmless = known()
    faults = {
        f"{place}: {each.type} ({each.secret_hash[:12]})"
        for path, place, each in found
        if (path, each.secret_hash[:12]) not in harmless
    }
    sys.exit("\n".join(sorted(faults)) or 0)


main()
