"""Migrations of what the database would notice: no words on screens, which change every week.

Every label that is worded better would otherwise be an operation for good, and each of them costs
whoever sets up a portal, or runs a test, a tenth of a second on models with many translations.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ProjectState

OF_MODELS = ("verbose_name", "verbose_name_plural")
OF_FIELDS = ("verbose_name", "help_text", "choices")


class WordlessAutodetector(MigrationAutodetector):
    def __init__(
        self, from_state: ProjectState, to_state: ProjectState, questioner: Any = None
    ) -> None:
        super().__init__(from_state, to_state, questioner)
        for state in (from_state, to_state):
            for model in state.models.values():
                for option in OF_MODELS:
                    model.options.pop(option, None)

    def deep_deconstruct(self, obj: Any) -> Any:
        found = super().deep_deconstruct(obj)
        if not isinstance(obj, models.Field):
            return found
        path, args, kwargs = found
        return path, args, {key: kwargs[key] for key in kwargs.keys() - set(OF_FIELDS)}
