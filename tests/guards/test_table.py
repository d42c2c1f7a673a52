"""docs/guards.md tells of tests and limits that there are."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from tests.guards.limits import limits

TABLE = (settings.BASE_DIR / "docs" / "guards.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TABLE)))
SECTIONS = ("Doors", "Files", "Seats", "Mail", "Personal data")


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_that_is_named_exists(path: str, name: str):
    assert f"\ndef {name}(" in (settings.BASE_DIR / path).read_text()


@pytest.mark.parametrize("section", SECTIONS)
def test_every_rule_is_held_by_a_test(section: str):
    rows = TABLE.split(f"\n## {section}\n")[1].split("\n## ")[0].split("\n|---|---|---|\n")[1]
    rules = [line for line in rows.splitlines() if line.startswith("|")]

    assert rules
    assert [rule for rule in rules if "::test_" not in rule.split("|")[3]] == []


def test_every_file_of_the_code_that_is_named_exists():
    named = re.findall(r"`((?!tests/)(?:[a-z_]+/)+[a-z_]+\.py)`", TABLE)

    missing = [name for name in named if not (settings.BASE_DIR / "oda_portal" / name).exists()]

    assert named
    assert missing == []


def test_every_limit_stands_in_the_table_as_it_is():
    told = re.findall(r"^\| `([\w.: ]+)` \| (\d+) \| (\d+) \|", TABLE, re.MULTILINE)

    assert sorted(told) == sorted({tuple(map(str, limit)) for limit in limits()})
