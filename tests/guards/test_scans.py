"""The two scans of ./runtests find what they are for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

CI = settings.BASE_DIR / ".ci"
# Put together here, so that this file holds none.
PLANTED = {
    "deploy.sh": "export AWS_KEY=" + "AKIA" + "QWERTZUIOPASDFG7",
    "key.pem": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIB",
    "settings.py": "SECRET_KEY = '" + "x9f2kLq0Zp7R" + "t4Wv8Yb3Nc6M" + "d1Hs5Jg" + "'",
    "README.md": "postgres://portal:" + "hunter2word" + "@db:5432/portal",
    "facts.json": '{"token": "' + "ghp_" + "a1B2zz" * 6 + '"}',
    "test_it.py": "TOKEN = '" + "ghp_" + "a1B2zz" * 6 + "'",
}


def run(script: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CI / script), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with what both scans read."""
    (tmp_path / ".ci").mkdir()
    for name in ("known_secrets.txt", "floors.txt", "installer.lock"):
        (tmp_path / ".ci" / name).write_text((CI / name).read_text())
    locks = ("requirements.lock", "requirements-s3.lock", "requirements-dev.lock")
    for name in ("pyproject.toml", *locks):
        (tmp_path / name).write_text((settings.BASE_DIR / name).read_text())
    return tmp_path


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_secret_is_found(project: Path, name: str):
    (project / name).write_text(PLANTED[name] + "\n")

    said = run("find_secrets.py", project, name)

    assert said.returncode == 1
    assert said.stderr.startswith(f"{name}:1: ")


def test_a_file_without_a_secret_is_fine(project: Path):
    (project / "page.py").write_text("title = 'What we do'\npassword = ask()\n")

    assert run("find_secrets.py", project, "page.py").returncode == 0


def test_what_is_known_to_be_none_is_let_be(project: Path):
    (project / "deploy.sh").write_text(PLANTED["deploy.sh"] + "\n")
    found = run("find_secrets.py", project, "deploy.sh").stderr.split()
    digests = {word.strip("()") for word in found if word.startswith("(")}
    with (project / ".ci" / "known_secrets.txt").open("a") as known:
        known.writelines(f"deploy.sh {digest} made up\n" for digest in digests)

    assert run("find_secrets.py", project, "deploy.sh").returncode == 0


def git(folder: Path, *words: str) -> str:
    """As whoever has set up nothing."""
    somebody = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
    return subprocess.run(
        ["git", *somebody, *words],
        cwd=folder, env=os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip


def commit(project: Path, files: dict[str, str]) -> str:
    """All files of the project as they are, with these; the number of the commit."""
    for name, text in files.items():
        (project / name).write_text(text)
    git(project, "add", "--all")
    git(project, "commit", "--message", "A change")
    return git(project, "rev-parse", "--short=12", "HEAD")


@pytest.fixture
def emptied(project: Path) -> tuple[Path, str]:
    """A repository to which secrets were added, and taken out again; and the commit that had them.

    Before each stands a line that git shows as it shows the name of another file.
    """
    git(project, "init", "--quiet")
    commit(project, dict.fromkeys(list(PLANTED)[1:], "\n"))
    added = commit(project, {name: f"++ b/facts.csv\n{text}\n" for name, text in PLANTED.items()})
    (project / "README.md").unlink()
    commit(project, {name: "\n" for name in PLANTED if name != "README.md"})
    return project, added


def test_a_secret_that_was_taken_out_is_found_with_its_commit(emptied: tuple[Path, str]):
    project, added = emptied

    said = run("find_secrets.py", project, "--history")

    assert run("find_secrets.py", project).stderr == ""
    assert said.returncode == 1
    assert {line.split(": ")[0] for line in said.stderr.splitlines()} == {
        f"{added} {name}" for name in PLANTED
    }


def test_what_is_known_to_be_none_is_let_be_in_the_history_too(emptied: tuple[Path, str]):
    project, _added = emptied
    found = run("find_secrets.py", project, "--history").stderr.splitlines()
    with (project / ".ci" / "known_secrets.txt").open("a") as known:
        for line in found:
            known.write(f"{line.split()[1].strip(':')} {line.split('(')[-1].strip(')')} made up\n")

    assert run("find_secrets.py", project, "--history").returncode == 0


def test_a_history_that_is_not_there_is_no_fault(emptied: tuple[Path, str], tmp_path: Path):
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "1", emptied[0].as_uri(), str(shallow))
    command = [sys.executable, str(CI / "find_secrets.py"), "--history"]

    assert git(shallow, "rev-list", "--count", "HEAD") == "1"
    assert run("find_secrets.py", shallow, "--history").returncode == 0
    no_git = subprocess.run(command, cwd=shallow, env={"PATH": "/nowhere"}, capture_output=True)
    assert (no_git.returncode, no_git.stderr) == (0, b"")


def test_an_archive_has_no_history(project: Path):
    said = run("find_secrets.py", project, "--history")

    assert (said.returncode, said.stderr) == (0, "")


def test_a_version_below_its_floor_is_refused(project: Path):
    lock = project / "requirements.lock"
    lock.write_text(lock.read_text().replace("sqlparse==", "sqlparse==0.4.9+was."))

    said = run("check_locks.py", project)

    assert said.returncode == 1
    assert "sqlparse 0.4.9" in said.stderr
    assert "CVE-2024-4340" in said.stderr


def test_the_locks_are_above_every_floor(project: Path):
    assert run("check_locks.py", project).stderr == ""


def test_a_floor_of_nothing_is_told_of(project: Path):
    with (project / ".ci" / "floors.txt").open("a") as floors:
        floors.write("long-gone >= 1.0 CVE-0000-0000 nothing\n")

    assert "no lock has long-gone" in run("check_locks.py", project).stderr
