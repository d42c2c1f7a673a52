"""Migrations of what the database would notice: no words on screens, which change every week.

Every label that is worded better would otherwise be an operation for good, and each of them costs
whoever sets up a portal, or runs a test, a tenth of a second on models with many translations.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython
from django.db.migrations.recorder import MigrationRecorder
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


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Whether nothing stands in the database yet."""
    return not connection.introspection.table_names()


def make_at_once(connection: BaseDatabaseWrapper) -> None:
    """Make an empty database as all migrations together would leave it, or not at all.

    Going through them takes ten times as long: after each step Django builds every related model
    anew. What they do besides tables is done as well, and all are noted as applied. That both ways
    end in the same database is tested.
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    steps = [migration for migration, _is_backwards in plan]
    recorder = MigrationRecorder(connection)
    with connection.schema_editor() as editor:
        every: list[type[models.Model]] = [*apps.get_models(), recorder.Migration]
        for model in every:
            if model._meta.managed and not model._meta.proxy:
                editor.create_model(model)
        for migration in steps:
            for operation in migration.operations:
                if isinstance(operation, RunPython):
                    # At the end the models of the migrations are those of the code.
                    operation.code(apps, editor)  # type: ignore[arg-type]
        recorder.migration_qs.bulk_create(
            recorder.Migration(app=migration.app_label, name=migration.name) for migration in steps
        )
