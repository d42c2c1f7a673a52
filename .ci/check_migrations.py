"""Refuse migrations that break the version which still runs beside them (docs/growing.md).

What .ci/migrations_before.txt names is let be, with all that comes before it. A later migration may
make tables, columns that may be empty or have a default in the database, and indexes. Whatever
takes away, renames or demands more says of each thing why the running version does not mind:

    class Migration(migrations.Migration):
        second_step = {"partner.fax historicalpartner.fax": "in no model since 1.4 (0007)"}
"""

import inspect
import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import singledispatch
from pathlib import Path
from typing import Any

import django
from django.contrib.postgres.operations import CreateCollation, CreateExtension
from django.db import migrations, models
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

BEFORE = Path(".ci/migrations_before.txt")
HOW = """
The version that still runs would fail. Do it in two steps (docs/growing.md, "A new version without
a break"), and let the second one say why nobody minds any more: second_step = {"name": "reason"}
"""
# Never connected: it only knows what PostgreSQL calls the type of a column.
POSTGRESQL = DatabaseWrapper({})
HARMLESS = (
    migrations.CreateModel,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterModelTableComment,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.RenameIndex,
    migrations.AlterConstraint,  # what it tells a form; the database does not notice
    CreateExtension,
    CreateCollation,
)
RISKY_SQL = re.compile(r"\b(ALTER|DROP(?!\s+INDEX)|REVOKE|RULE|TRIGGER|UNIQUE)\b", re.IGNORECASE)

# What it is about, as `second_step` names it, and what would go wrong.
Fault = tuple[str, str]


def column(name: str, field: Any) -> Any:
    """The field as part of its table; in the state of a migration it does not know its name."""
    bound = field.clone()
    bound.set_attributes_from_name(name)
    return bound


def kind(field: Any) -> tuple[Any, ...]:
    """What two versions must agree on to read and write the same column."""
    reading = getattr(type(field), "from_db_value", None)  # an encrypted text is a text as well
    if not field.remote_field:
        return field.db_type(POSTGRESQL), field.db_check(POSTGRESQL), reading
    target = str(field.remote_field.model).lower()
    if field.many_to_many:
        return target, field.db_table, str(field.remote_field.through).lower()
    return target, tuple(field.to_fields), reading


def as_wide(old: tuple[Any, ...], new: tuple[Any, ...]) -> bool:
    """Whether only a longer text fits than before: no table is written anew for that."""
    lengths = [re.fullmatch(r"varchar\((\d+)\)", str(each[0])) for each in (old, new)]
    if old[1:] != new[1:] or None in lengths:
        return False
    before, after = (int(found[1]) for found in lengths if found)
    return after >= before


def can_be_left_out(field: Any) -> bool:
    """Whether a row can be written by who does not know the column."""
    return field.many_to_many or field.null or field.generated or field.has_db_default()


def table(model: ModelState) -> str | None:
    if model.options.get("proxy") or not model.options.get("managed", True):
        return None
    return model.options.get("db_table") or f"{model.app_label}_{model.name_lower}"


@singledispatch
def faults(operation: Operation, app: str, before: ProjectState) -> Iterator[Fault]:
    if not isinstance(operation, HARMLESS):
        kind_of = type(operation).__name__
        yield kind_of.lower(), f"does what nobody has judged yet ({kind_of})"


@faults.register
def _(operation: migrations.DeleteModel, app: str, before: ProjectState) -> Iterator[Fault]:
    if table(before.models[app, operation.name_lower]):
        yield operation.name_lower, "takes a table away"


@faults.register
def _(operation: migrations.RenameModel, app: str, before: ProjectState) -> Iterator[Fault]:
    if table(before.models[app, operation.old_name_lower]):
        yield operation.old_name_lower, "renames a model, its table and the columns that name it"


@faults.register
def _(operation: migrations.AlterModelTable, app: str, before: ProjectState) -> Iterator[Fault]:
    old = table(before.models[app, operation.name_lower])
    if old and old != (operation.table or f"{app}_{operation.name_lower}"):
        yield operation.name_lower, "renames a table"


@faults.register(migrations.AlterUniqueTogether)
@faults.register(migrations.AlterOrderWithRespectTo)
def _(operation: Any, app: str, before: ProjectState) -> Iterator[Fault]:
    yield operation.name_lower, f"changes {operation.option_name}"


@faults.register
def _(operation: migrations.AddConstraint, app: str, before: ProjectState) -> Iterator[Fault]:
    yield operation.constraint.name, "demands what the rows of the running version may not keep"


@faults.register
def _(operation: migrations.RemoveConstraint, app: str, before: ProjectState) -> Iterator[Fault]:
    rule = before.models[app, operation.model_name_lower].get_constraint_by_name(operation.name)
    if isinstance(rule, models.UniqueConstraint):
        yield operation.name, "takes away what an “insert or update” of the running version names"


@faults.register
def _(operation: migrations.AddField, app: str, before: ProjectState) -> Iterator[Fault]:
    name, field = f"{operation.model_name_lower}.{operation.name}", operation.field
    if not can_be_left_out(field):
        # Django drops a `default` of Python's once the rows that are there have it.
        yield name, "adds a column that has to be given: no null=True, no db_default"
    elif field.unique and not field.null:
        yield name, "adds a unique column, which the running version would fill alike twice"


@faults.register
def _(operation: migrations.RemoveField, app: str, before: ProjectState) -> Iterator[Fault]:
    field = before.models[app, operation.model_name_lower].fields[operation.name]
    if not (field.many_to_many and field.remote_field.through):
        yield f"{operation.model_name_lower}.{operation.name}", "takes a column away"


@faults.register
def _(operation: migrations.RenameField, app: str, before: ProjectState) -> Iterator[Fault]:
    field = before.models[app, operation.model_name_lower].fields[operation.old_name]
    old, new = (column(name, field) for name in (operation.old_name, operation.new_name))
    if field.many_to_many or old.column != new.column:
        yield f"{operation.model_name_lower}.{operation.old_name}", "renames a column"


@faults.register
def _(operation: migrations.AlterField, app: str, before: ProjectState) -> Iterator[Fault]:
    field = before.models[app, operation.model_name_lower].fields[operation.name]
    old, new = (column(operation.name, each) for each in (field, operation.field))
    name = f"{operation.model_name_lower}.{operation.name}"
    if old.column != new.column:
        yield name, "renames a column"
    if kind(old) != kind(new) and not as_wide(kind(old), kind(new)):
        yield name, "changes the type of a column"
    if old.null and not new.null:
        yield name, "demands a value where none was needed"
    if old.has_db_default() and not can_be_left_out(new):
        yield name, "takes away the default on which the running version counts"
    if old.unique != new.unique:
        yield name, "changes whether a value may stand twice"


@faults.register
def _(operation: migrations.RunSQL, app: str, before: ProjectState) -> Iterator[Fault]:
    # A text, or several, each of them perhaps with parameters.
    written = [operation.sql] if isinstance(operation.sql, str) else operation.sql
    texts = (each if isinstance(each, str) else each[0] for each in written)
    if found := RISKY_SQL.search(" ".join(texts)):
        yield "sql", f"has {found[0].upper()} in its SQL"


@faults.register
def _(operation: migrations.RunPython, app: str, before: ProjectState) -> Iterator[Fault]:
    code: Any = operation.code
    source = re.sub(r"\bschema_editor\.connection\.(alias|vendor)\b", "", inspect.getsource(code))
    # Named once, it is the argument alone.
    if len(re.findall(r"\bschema_editor\b", source)) != 1 or re.search(r"\bcursor\b", source):
        yield code.__name__, "changes more than rows: it uses schema_editor, or a cursor"


@faults.register
def _(
    operation: migrations.SeparateDatabaseAndState, app: str, before: ProjectState
) -> Iterator[Fault]:
    for each in [] if operation.database_operations else operation.state_operations:
        if isinstance(each, migrations.RemoveField):
            field = before.models[app, each.model_name_lower].fields[each.name]
            if not can_be_left_out(field):
                name = f"{each.model_name_lower}.{each.name}"
                yield name, "forgets a column that has to be given: the new version cannot write"


def all_faults(
    operations: Iterable[Operation], app: str, state: ProjectState, made: set[str]
) -> Iterator[Fault]:
    """What would go wrong at each step; `state` goes on with them, `made` tells of new tables."""
    for operation in operations:
        model = getattr(operation, "model_name", getattr(operation, "name", ""))
        if model.lower() not in made:
            yield from faults(operation, app, state)
        if isinstance(operation, migrations.CreateModel):
            made.add(operation.name_lower)
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from all_faults(operation.database_operations, app, state.clone(), made)
        operation.state_forwards(app, state)


def refused(migration: migrations.Migration, state: ProjectState) -> list[str]:
    """What nobody has given a reason for, or only half of one; `state` becomes what it makes."""
    reasons = {
        name: str(reason)
        for names, reason in getattr(migration, "second_step", {}).items()
        for name in names.split()
    }
    app, found = migration.app_label, []
    wrong = list(all_faults(migration.operations, app, state, set()))
    for name, fault in wrong:
        if name not in reasons:
            found.append(f"{app}.{migration.name}: {name}: {fault}")
    for name, reason in reasons.items():
        if len(reason.split()) < 3:
            found.append(f"{app}.{migration.name}: {name}: second_step has to say why")
        if name not in dict(wrong):
            found.append(f"{app}.{migration.name}: {name}: second_step explains what is not done")
    return found


def all_refused() -> list[str]:
    """What is wrong with the migrations of every app, and with the list of those let be."""
    graph = MigrationLoader(None).graph
    lines = BEFORE.read_text(encoding="utf-8").splitlines()
    known = [tuple(line.split()) for line in lines if line and not line.startswith("#")]
    found = [f"{BEFORE}: no migration {' '.join(key)}" for key in known if key not in graph.nodes]
    let_be = {each for key in known if key in graph.nodes for each in graph.forwards_plan(key)}
    # Of several ways through the graph any will do; a dictionary keeps the first of each.
    plan = dict.fromkeys(
        each for leaf in sorted(graph.leaf_nodes()) for each in graph.forwards_plan(leaf)
    )
    state = ProjectState()
    for key in plan:
        if key in let_be:
            graph.nodes[key].mutate_state(state, preserve=False)
        else:
            found += refused(graph.nodes[key], state)
    return found


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")
    django.setup()
    found = all_refused()
    sys.exit("\n".join([*found, HOW]) if found else 0)


if __name__ == "__main__":
    main()
