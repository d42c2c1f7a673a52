"""What counts as a change for a migration: columns and constraints, and no words on screens."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState

from oda_portal.migrating import WordlessAutodetector


def state_with(options: dict[str, Any], **field: Any) -> ProjectState:
    state = ProjectState()
    values = {"max_length": 20, **field}
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("kind", models.CharField(**values)),
    ]
    state.add_model(ModelState("programs", "Thing", fields, dict(options)))
    return state


def changes(detector: type[MigrationAutodetector], **after: Any) -> bool:
    options = after.pop("options", {})
    # The public method would also ask for a graph in which the app is known.
    return bool(detector(state_with({}), state_with(options, **after))._detect_changes())


WORDS: list[dict[str, Any]] = [
    {"verbose_name": "another word"},
    {"help_text": "Another sentence."},
    {"choices": [("a", "Another")]},
    {"options": {"verbose_name": "thing", "verbose_name_plural": "things"}},
]


@pytest.mark.parametrize("after", WORDS)
def test_other_words_are_no_change(after: dict[str, Any]):
    assert not changes(WordlessAutodetector, **dict(after))
    assert changes(MigrationAutodetector, **dict(after))


@pytest.mark.parametrize(
    "after", [{"max_length": 30}, {"null": True}, {"options": {"ordering": ["kind"]}}]
)
def test_what_the_portal_would_notice_is_a_change(after: dict[str, Any]):
    assert changes(WordlessAutodetector, **dict(after))
