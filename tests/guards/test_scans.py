"""The two scans of ./runtests find what they are for."""

from __future__ import annotations

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
