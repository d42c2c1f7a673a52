"""The page about faults names tests that exist."""

from __future__ import annotations

import re

import pytest

from tests.processes import ROOT

NAMED = sorted(
    set(re.findall(r"`(tests/\S+\.py)::(test_\w+)`", (ROOT / "docs/faults.md").read_text()))
)


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_every_test_that_the_page_names_is_there(path: str, name: str):
    assert re.search(rf"^def {name}\(", (ROOT / path).read_text(), re.MULTILINE)


@pytest.mark.parametrize("path", sorted({path for path, _name in NAMED}))
def test_where_a_fault_is_tried_there_is_printed_what_came_of_it(path: str):
    assert re.search(r"tests\.faults\.l|tally\.line", (ROOT / path).read_text())


def test_the_page_names_as_many_as_there_are_faults():
    assert len(NAMED) > 20
