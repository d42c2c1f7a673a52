"""An empty SQLite database is made in one go: the same as after all migrations."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

AT_ONCE = """
import django; django.setup()
from django.db import connection
from oda_portal.migrating import make_at_once
make_at_once(connection)
"""
MIGRATE = [sys.executable, "manage.py", "migrate", "--verbosity=0"]


def run(folder: Path, *command: str) -> None:
    own = {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "oda_portal.settings"}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL")
    }
    subprocess.run(command, cwd=settings.BASE_DIR, env={**kept, **own}, check=True)


def made_of(folder: Path) -> dict[str, Any]:
    """Tables with columns, keys and checks; indexes, triggers; what is noted as applied."""
    [file] = folder.glob("*.sqlite3")
    database = sqlite3.connect(file)

    def asked(question: str) -> list[tuple[Any, ...]]:
        return database.execute(question).fetchall()

    tables = dict(asked("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    rest = asked("SELECT name, sql FROM sqlite_master WHERE type != 'table' AND sql IS NOT NULL")
    return {
        "columns": {
            name: {row[1:6] for row in asked(f'PRAGMA table_info("{name}")')} for name in tables
        },
        "keys": {
            name: {row[2:7] for row in asked(f'PRAGMA foreign_key_list("{name}")')}
            for name in tables
        },
        "checks": {
            name: set(re.findall(r'CONSTRAINT "\w+" (?:CHECK|UNIQUE).+?(?=, CONSTRAINT|\)$)', sql))
            for name, sql in tables.items()
        },
        "rest": {name: re.sub(r"\s+", " ", sql) for name, sql in rest},
        "applied": set(asked("SELECT app, name FROM django_migrations")),
        "kinds": set(asked("SELECT app_label, model FROM django_content_type")),
        "permissions": {code for (code,) in asked("SELECT codename FROM auth_permission")},
    }


@pytest.mark.thorough
def test_a_database_made_at_once_is_the_one_that_migrations_make(tmp_path: Path):
    slow, quick = tmp_path / "slow", tmp_path / "quick"
    slow.mkdir()
    quick.mkdir()

    run(slow, *MIGRATE)
    run(quick, sys.executable, "-c", AT_ONCE)
    run(quick, *MIGRATE)

    expected, found = made_of(slow), made_of(quick)
    assert len(expected["columns"]) > 150
    assert len(expected["rest"]) > 300
    for part, value in expected.items():
        assert found[part] == value, part
