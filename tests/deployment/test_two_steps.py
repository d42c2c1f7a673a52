"""A migration that breaks the version still running beside it is refused; every other is not.

What the check says of each step is held against what PostgreSQL does to the version before.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import DatabaseError, connection, models, transaction
from django.db import migrations as m
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from oda_portal.privacy.fields import EncryptedTextField

SCRIPT = settings.BASE_DIR / ".ci" / "check_migrations.py"
spec = importlib.util.spec_from_file_location("check_migrations", SCRIPT)
assert spec is not None
assert spec.loader is not None
check = importlib.util.module_from_spec(spec)
spec.loader.exec_module(check)

ID = ("id", models.BigAutoField(primary_key=True))
TOWN = models.ForeignKey("shop.town", models.CASCADE, null=True)
ONE_NAME = models.UniqueConstraint(fields=["name"], name="one_name")
ANY_SIZE = models.CheckConstraint(condition=models.Q(size__lt=1000), name="any_size")
INDEX = models.Index(fields=["size"], name="by_size")
Operations = list[Operation]


def text(length: int = 20, **options: Any) -> Any:
    return models.CharField(max_length=length, **options)


def before() -> ProjectState:
    """Tables of the version that runs."""
    state = ProjectState()
    partner = [
        ID,
        ("name", text()),
        ("fax", text(null=True)),
        ("kind", text(db_default="kind")),
        ("size", models.IntegerField()),
        ("words", models.TextField(null=True)),
        ("town", TOWN.clone()),
        ("friends", models.ManyToManyField("shop.town", related_name="+")),
    ]
    options = {"constraints": [ONE_NAME, ANY_SIZE], "indexes": [INDEX]}
    for name, fields, given in [
        ("Town", [ID], {}),
        ("Land", [ID], {}),
        ("Visit", [ID], {}),
        ("Partner", partner, options),
    ]:
        state.add_model(ModelState("shop", name, fields, given))
    return state


def add(name: str, field: Any) -> Operation:
    return m.AddField("partner", name, field)


def alter(name: str, field: Any) -> Operation:
    return m.AlterField("partner", name, field)


def only_state(*operations: Operation) -> Operation:
    return m.SeparateDatabaseAndState(state_operations=operations)


def only_database(*operations: Operation) -> Operation:
    return m.SeparateDatabaseAndState(database_operations=operations)


def fill(apps, schema_editor):
    partners = apps.get_model("shop", "Partner").objects.using(schema_editor.connection.alias)
    partners.update(size=1)


def drop(apps, schema_editor):
    schema_editor.execute("ALTER TABLE shop_partner DROP COLUMN fax")


def drop_by_cursor(apps, schema_editor):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE shop_partner DROP COLUMN fax")


POSITIVE = models.CheckConstraint(condition=models.Q(size__gte=0), name="positive")
ONE_SIZE = models.UniqueConstraint(fields=["size"], name="one_size")
DROP_FAX = "ALTER TABLE shop_partner DROP COLUMN fax"
# What the former version fails at: (what the check calls it, the step).
BREAKING: dict[str, tuple[str, Operation]] = {
    "field removed": ("partner.fax", m.RemoveField("partner", "fax")),
    "rows between removed": ("partner.friends", m.RemoveField("partner", "friends")),
    "model removed": ("visit", m.DeleteModel("Visit")),
    "field renamed": ("partner.fax", m.RenameField("partner", "fax", "telefax")),
    "rows between renamed": ("partner.friends", m.RenameField("partner", "friends", "kin")),
    "model renamed": ("visit", m.RenameModel("Visit", "Call")),
    "table renamed": ("visit", m.AlterModelTable("visit", "calls")),
    "column renamed": ("partner.fax", alter("fax", text(null=True, db_column="telefax"))),
    "has to be given": ("partner.motto", add("motto", text())),
    "has a default of Python's": ("partner.motto", add("motto", text(default=""))),
    "link to be given": (
        "partner.land",
        add("land", models.ForeignKey("shop.land", models.CASCADE, default=1)),
    ),
    "unique, and alike": ("partner.motto", add("motto", text(db_default="", unique=True))),
    "no longer empty": ("partner.fax", alter("fax", text(default=""))),
    "no longer empty, with a default": ("partner.fax", alter("fax", text(db_default=""))),
    "a number": ("partner.name", alter("name", models.IntegerField())),
    "a date with a time": ("partner.fax", alter("fax", models.DateTimeField(null=True))),
    "shorter": ("partner.name", alter("name", text(10))),
    "only positive": ("partner.size", alter("size", models.PositiveIntegerField())),
    "default gone": ("partner.kind", alter("kind", text())),
    "unique": ("partner.size", alter("size", models.IntegerField(unique=True))),
    "of another table": (
        "partner.town",
        alter("town", models.ForeignKey("shop.land", models.CASCADE, null=True)),
    ),
    "rule for rows": ("positive", m.AddConstraint("partner", POSITIVE)),
    "rule for several rows": ("one_size", m.AddConstraint("partner", ONE_SIZE)),
    "uniqueness gone": ("one_name", m.RemoveConstraint("partner", "one_name")),
    "unique together": ("partner", m.AlterUniqueTogether("partner", {("size", "kind")})),
    "ordered": ("partner", m.AlterOrderWithRespectTo("partner", "town")),
    "SQL": ("sql", m.RunSQL(DROP_FAX.lower())),
    "SQL, several": ("sql", m.RunSQL(["SELECT 1", ("SELECT 1;\nDROP TABLE shop_visit", None)])),
    "SQL, table": ("sql", m.RunSQL("DROP TABLE shop_visit")),
    "SQL, unique index": ("sql", m.RunSQL("CREATE UNIQUE INDEX x ON shop_partner (size)")),
    "Python": ("drop", m.RunPython(drop)),
    "Python, by a cursor": ("drop_by_cursor", m.RunPython(drop_by_cursor)),
    "database alone": ("partner.fax", only_database(m.RemoveField("partner", "fax"))),
}
# What PostgreSQL lets pass here, and is refused all the same.
DOUBTFUL: dict[str, tuple[str, Operation]] = {
    "encrypted": ("partner.words", alter("words", EncryptedTextField(null=True))),
    "forgotten, and to be given": ("partner.size", only_state(m.RemoveField("partner", "size"))),
    "nobody knows": ("validateconstraint", ValidateConstraint("partner", "any_size")),
    "SQL, longer": ("sql", m.RunSQL("ALTER TABLE shop_partner ALTER fax TYPE varchar(30)")),
    "SQL, trigger": ("sql", m.RunSQL("CREATE TRIGGER a BEFORE INSERT ON shop_partner …")),
    "SQL, rule": ("sql", m.RunSQL("CREATE RULE a AS ON INSERT TO shop_partner …")),
    "SQL, right": ("sql", m.RunSQL("REVOKE INSERT ON shop_partner FROM portal")),
}
NEW_TABLE: Operations = [
    m.CreateModel("Bill", [ID, ("partner", models.ForeignKey("shop.partner", models.CASCADE))]),
    m.AddField("bill", "sum", models.IntegerField()),
    m.AlterField("bill", "sum", models.BigIntegerField()),
    m.AddConstraint("bill", models.UniqueConstraint(fields=["sum"], name="one_sum")),
    m.AlterUniqueTogether("bill", {("partner", "sum")}),
]
LENGTH = models.GeneratedField(
    expression=models.F("size") * 2, output_field=models.IntegerField(), db_persist=True
)
ALLOWED: dict[str, Operations] = {
    "new table": NEW_TABLE,
    "may be empty": [add("motto", text(null=True))],
    "link that may be empty": [
        add("land", models.OneToOneField("shop.land", models.CASCADE, null=True))
    ],
    "default of the database": [add("motto", text(default="", db_default=""))],
    "rows between": [add("lands", models.ManyToManyField("shop.land"))],
    "reckoned by the database": [add("length", LENGTH)],
    "index": [m.AddIndex("partner", models.Index(fields=["kind"], name="by_kind"))],
    "index gone": [m.RemoveIndex("partner", "by_size")],
    "index renamed": [m.RenameIndex("partner", new_name="sizes", old_name="by_size")],
    "longer": [alter("name", text(40))],
    "may be empty from now on": [alter("name", text(null=True))],
    "default of Python's": [alter("name", text(default="nobody"))],
    "renamed in the code alone": [
        alter("fax", text(null=True, db_column="fax")),
        m.RenameField("partner", "fax", "telefax"),
    ],
    "rule gone": [m.RemoveConstraint("partner", "any_size")],
    "order of lists": [m.AlterModelOptions("partner", {"ordering": ["name"]})],
    "rows": [m.RunPython(fill), m.RunPython(m.RunPython.noop)],
    "rows by SQL": [m.RunSQL("UPDATE shop_partner SET size = 1")],
    "index gone by SQL": [m.RunSQL("DROP INDEX IF EXISTS others")],
    "first step of taking away": [
        alter("size", models.IntegerField(null=True)),
        only_state(m.RemoveField("partner", "size")),
    ],
}


def refused(*operations: Operation, **options: Any) -> list[str]:
    own = type("Migration", (m.Migration,), {"operations": list(operations), **options})
    return check.refused(own("0002_next", "shop"), before())


def works_beside(operations: Operations) -> bool:
    """Whether the version before reads and writes all it did, once the steps are taken."""
    state, first = before(), before().apps
    with connection.schema_editor() as editor:
        for model in first.get_models():
            editor.create_model(model)
    for operation in operations:
        after = state.clone()
        operation.state_forwards("shop", after)
        with connection.schema_editor() as editor:
            operation.database_forwards("shop", editor, state, after)
        state = after
    try:
        with transaction.atomic():
            use(first)
    except DatabaseError:
        return False
    return True


def use(apps: Any) -> None:
    """What a version does all day; `apps` are its models."""
    partners = apps.get_model("shop", "Partner").objects
    town = apps.get_model("shop", "Town").objects.create()
    given = {"size": -1, "town": town}
    partners.create(name="n" * 20, fax=None, **given).friends.add(town)
    # As the portal does where a row may be there already.
    again = partners.model(name="m" * 20, fax="1", **given)
    partners.bulk_create(
        [again], update_conflicts=True, update_fields=["size"], unique_fields=["name"]
    )
    apps.get_model("shop", "Visit").objects.create()
    for model in apps.get_models():
        list(model.objects.all())
    list(partners.get(name="n" * 20).friends.all())
    # A link to a row that is not there is noticed at the end.
    connection.check_constraints()


@pytest.mark.parametrize("case", [*BREAKING, *DOUBTFUL])
def test_a_step_that_breaks_is_refused_by_its_name(case: str):
    name, operation = (BREAKING | DOUBTFUL)[case]

    [said] = refused(operation)

    assert said.startswith(f"shop.0002_next: {name}: ")


@pytest.mark.parametrize("case", ALLOWED)
def test_a_step_that_harms_nobody_passes(case: str):
    assert refused(*ALLOWED[case]) == []


def test_an_index_made_beside_the_work_passes():
    assert refused(AddIndexConcurrently("partner", models.Index(fields=["kind"], name="k"))) == []


needs_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite takes other values, and has one version"
)


@needs_postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("case", BREAKING)
def test_the_version_before_fails_at_what_is_refused(case: str):
    assert not works_beside([BREAKING[case][1]])


@needs_postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("case", ALLOWED)
def test_the_version_before_works_beside_what_passes(case: str):
    assert works_beside(ALLOWED[case])


def test_a_column_is_no_new_one_because_the_migration_made_it():
    """Made, filled and then demanded: in the end the running version has to give it."""
    [said] = refused(add("motto", text(null=True)), m.RunPython(fill), alter("motto", text()))

    assert "partner.motto: demands a value" in said


def test_a_reason_lets_pass_what_it_names_and_nothing_else():
    steps = [m.RemoveField("partner", "fax"), m.DeleteModel("Visit")]

    [said] = refused(*steps, second_step={"partner.fax": "in no model since 1.4 (0007)"})

    assert said == "shop.0002_next: visit: takes a table away"
    assert refused(*steps, second_step={"partner.fax visit": "in no model since 1.4"}) == []


@pytest.mark.parametrize("reason", ["", " ", "ok", "not needed", None])
def test_a_reason_that_says_nothing_is_refused(reason: str | None):
    [said] = refused(m.RemoveField("partner", "fax"), second_step={"partner.fax": reason})

    assert said.endswith("partner.fax: second_step has to say why")


def test_a_reason_for_what_is_not_done_is_refused():
    [said] = refused(add("motto", text(null=True)), second_step={"partner.fax": "gone since 1.4"})

    assert said.endswith("partner.fax: second_step explains what is not done")


FIRST = """
from django.db import migrations, models
class Migration(migrations.Migration):
    operations = [migrations.CreateModel("Thing", [
        ("id", models.BigAutoField(primary_key=True)), ("fax", models.TextField())])]
"""
SECOND = """
from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("planted", "0001_initial")]
    operations = [migrations.RemoveField("thing", "fax")]
"""


def plant(folder: Path) -> None:
    """Settings with one more app than the portal has."""
    migrations = folder / "planted" / "migrations"
    migrations.mkdir(parents=True)
    for empty in (migrations.parent / "__init__.py", migrations / "__init__.py"):
        empty.touch()
    (migrations / "0001_initial.py").write_text(FIRST)
    (migrations / "0002_less.py").write_text(SECOND)
    (folder / "with_planted.py").write_text(
        "from oda_portal.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'planted']\n"
    )


def test_of_the_portal_and_a_new_app_only_the_planted_step_is_refused(tmp_path: Path):
    plant(tmp_path)
    own = {"DJANGO_SETTINGS_MODULE": "with_planted", "PYTHONPATH": str(tmp_path)}

    said = subprocess.run(
        [sys.executable, str(SCRIPT)],
        cwd=settings.BASE_DIR,
        env=os.environ | own,
        capture_output=True,
        text=True,
    )

    assert said.returncode == 1
    assert said.stderr == f"planted.0002_less: thing.fax: takes a column away\n{check.HOW}\n"


def test_what_is_let_be_has_to_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    let_be = SCRIPT.with_name("migrations_before.txt").read_text()
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "migrations_before.txt").write_text(f"{let_be}partners 0099_gone\n")
    monkeypatch.chdir(tmp_path)

    assert check.all_refused() == [".ci/migrations_before.txt: no migration partners 0099_gone"]
