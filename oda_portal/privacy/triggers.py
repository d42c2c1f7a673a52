"""Triggers that keep the access log as it was written, on PostgreSQL and SQLite.

Nothing can be updated. A look can be deleted only when it is older than two years by the
database's own clock and covered by a seal; a seal never. No session variable opens this door: it
would open it to whoever has the connection. Consents may lose their person, and nothing else.

A migration that alters one of these tables calls `install` again: SQLite makes the table anew,
without its triggers. `privacy verify` says when one is missing or switched off.
"""

from __future__ import annotations

from typing import Any

LOG = ("privacy_accessrecord", "privacy_accesssubject", "privacy_seal")
CONSENT = "privacy_consent"
CONSENT_COLUMNS = (
    "content_type_id", "object_id", "kind", "text_id", "version", "sha256", "language", "given",
    "at",
)  # fmt: skip

# Every trigger with its table.
NAMES = {f"{table}_no_{act}": table for table in LOG for act in ("update", "delete")}
NAMES[f"{CONSENT}_no_update"] = CONSENT

REFUSAL = "is append-only"

# The looks that may go: {row} is the record's own row, {id} its number.
_OLD = {
    "postgresql": "r.at < now() - interval '2 years'",
    "sqlite": "r.at < datetime('now', '-2 years')",
}
_MAY_GO = (
    "EXISTS (SELECT 1 FROM privacy_accessrecord r JOIN privacy_seal s"
    " ON r.id > s.after_id AND r.id <= s.last_id WHERE r.id = {id} AND {old})"
)
_NUMBER = {"privacy_accessrecord": "OLD.id", "privacy_accesssubject": "OLD.record_id"}


def install(schema_editor: Any) -> None:
    """Make the triggers that are missing; safe to repeat."""
    vendor = schema_editor.connection.vendor
    remove(schema_editor)
    for table in LOG:
        _make(schema_editor, vendor, table, "update", "UPDATE", "")
        allowed = _NUMBER.get(table)
        unless = _MAY_GO.format(id=allowed, old=_OLD[vendor]) if allowed else ""
        _make(schema_editor, vendor, table, "delete", "DELETE", unless)
    columns = ", ".join(f'"{name}"' for name in CONSENT_COLUMNS)
    _make(schema_editor, vendor, CONSENT, "update", f"UPDATE OF {columns}", "")


def remove(schema_editor: Any) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table in NAMES.items():
        if is_postgresql:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


def missing(connection: Any) -> list[str]:
    """The triggers that the database lacks, or that somebody switched off."""
    asked = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    return sorted(set(NAMES) - there)


def _make(schema_editor: Any, vendor: str, table: str, act: str, event: str, unless: str) -> None:
    name = f"{table}_no_{act}"
    if vendor == "postgresql":
        schema_editor.execute(_function(name, table, unless))
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    else:
        when = f" WHEN NOT {unless}" if unless else ""
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table}{when}"
            f" BEGIN SELECT RAISE(ABORT, '{table} {REFUSAL}'); END"
        )


def _function(name: str, table: str, unless: str) -> str:
    permitted = f"IF {unless} THEN RETURN OLD; END IF; " if unless else ""
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {permitted}"
        f"RAISE EXCEPTION '{table} {REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';"
        " END $$"
    )
