"""IATI identifiers are given once, and outlive their programmes."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from programs.models import Identifier
from programs.reporting import triggers
from programs.reporting.publishing import Kind, publish_one
from programs.reporting.readiness import is_ready
from programs.reporting.requirements import Frame
from tests.factories import ProgramFactory

from .reporting import TEST_REF, name_publisher, reported_program

pytestmark = pytest.mark.django_db


class _Editor:
    """What `triggers` needs of a schema editor; SQLite's own refuses to work in a transaction."""

    connection = connection

    def execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.fixture(autouse=True)
def _triggers(db: None) -> None:
    """Also where the tables are made without migrations; undone with the test's transaction."""
    triggers.install(_Editor())


def given() -> Identifier:
    name_publisher()
    reported_program(code="urban-planning")
    publish_one(Kind.ACTIVITIES, by=None)
    return Identifier.objects.get()


def refused(statement: str) -> bool:
    """What somebody with the database could try."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError as error:
        return triggers.REFUSAL in str(error)
    return False


def test_it_is_the_publishers_and_the_code():
    assert given().value == f"{TEST_REF}-urban-planning"


def test_it_stays_when_it_is_published_again():
    identifier = given()
    publish_one(Kind.ACTIVITIES, by=None)
    assert Identifier.objects.get() == identifier


def test_the_model_refuses_to_change_or_remove_it():
    identifier = given()
    identifier.value = "XI-IATI-OTHER-1"
    with pytest.raises(ValueError, match="never changed"):
        identifier.save()
    with pytest.raises(ValueError, match="never removed"):
        identifier.delete()


@pytest.mark.parametrize(
    "change", ["value = 'XI-IATI-OTHER-1'", "given_at = '2020-01-01'", "program_id = {other}"]
)
def test_the_database_refuses_to_change_it(change):
    identifier, other = given(), ProgramFactory()
    change = change.format(other=other.pk)
    assert refused(f"UPDATE {triggers.TABLE} SET {change} WHERE id = {identifier.pk}")


def test_the_database_refuses_to_remove_it():
    given()
    assert refused(f"DELETE FROM {triggers.TABLE}")


def test_it_outlives_its_programme_and_is_given_to_no_other():
    given().program.delete()
    stone = Identifier.objects.get()
    assert stone.program is None
    again = reported_program(code="urban-planning")
    assert not is_ready(again, Frame.now())
    publish_one(Kind.ACTIVITIES, by=None)
    assert Identifier.objects.get() == stone
