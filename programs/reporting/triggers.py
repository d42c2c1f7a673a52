"""Triggers that keep IATI identifiers as they were given, on PostgreSQL and SQLite.

No identifier is changed or removed, nor given to another programme; it may only lose its own, when
that is deleted. A migration that alters the table calls `install` again: SQLite makes the table
anew, without its triggers.
"""

from __future__ import annotations

from typing import Any

TABLE = "programs_identifier"
REFUSAL = "is given once and never changed"

# What an update must leave as it was; NULL where a comparison has no answer, which is no yes.
_KEPT = (
    "NEW.id = OLD.id AND NEW.value = OLD.value AND NEW.given_at = OLD.given_at"
    " AND (NEW.program_id IS NULL OR NEW.program_id = OLD.program_id)"
)
# Every trigger with the event that it refuses, and when.
TRIGGERS = {
    f"{TABLE}_no_update": ("UPDATE", f" WHEN (({_KEPT}) IS NOT TRUE)"),
    f"{TABLE}_no_delete": ("DELETE", ""),
}


def install(schema_editor: Any) -> None:
    """Make the triggers anew; safe to repeat."""
    remove(schema_editor)
    for name, (event, when) in TRIGGERS.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                f" RAISE EXCEPTION '{TABLE} {REFUSAL}'"
                " USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} FOR EACH ROW{when}"
                f" EXECUTE FUNCTION {name}()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE}{when}"
                f" BEGIN SELECT RAISE(ABORT, '{TABLE} {REFUSAL}'); END"
            )


def remove(schema_editor: Any) -> None:
    for name in TRIGGERS:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {TABLE}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
