"""What is kept of how far programmes are on their way into the report."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from oda_portal.publishing.tasks import settle
from programs.models import (
    Confirmation,
    CountryShare,
    Program,
    Publisher,
    ReportingLevel,
    Role,
    SectorShare,
)
from programs.reporting.measuring import level_of, measure, measure_all, ready_rows
from programs.reporting.meters import Level, meter_of
from programs.reporting.readiness import for_musts
from tests.factories import ProgramFactory

from .reporting import ready_program, unconfirmed_program

pytestmark = pytest.mark.django_db


def kept(program: Program) -> Level | None:
    return level_of(Program.objects.select_related("reporting_level").get(pk=program.pk))


def is_ready(program: Program) -> bool:
    level = kept(program)
    return level is not None and level.is_ready


def test_what_is_kept_says_what_the_rules_say():
    programs = [
        ready_program(),
        unconfirmed_program(),
        ProgramFactory(),
        ProgramFactory(ours=False),
    ]
    measure_all()

    for program in programs:
        row = for_musts(Program.objects.all()).get(pk=program.pk)
        assert kept(program) == meter_of(row, whole=False).level
    assert list(ready_rows()) == [programs[0]]


def test_a_programme_that_nobody_measured_has_no_level():
    assert kept(ProgramFactory()) is None


def test_what_is_not_public_is_not_ready_without_being_measured_again():
    program = ready_program()
    measure_all()

    Program.objects.filter(pk=program.pk).update(expire_at=timezone.now())

    assert not is_ready(program)
    assert not ready_rows().exists()


def empty_title(program: Program) -> None:
    program.title_en = ""  # type: ignore[attr-defined]
    program.save()


CHANGES: dict[str, Callable[[Program], object]] = {
    "share deleted": lambda program: CountryShare.objects.get(program=program).delete(),
    "sector deleted": lambda program: SectorShare.objects.get(program=program).delete(),
    "role deleted": lambda program: Role.objects.filter(program=program).earliest("pk").delete(),
    "confirmation deleted": lambda program: (
        Confirmation.objects.filter(program=program).earliest("pk").delete()
    ),
    "organisation taken down": lambda program: program.roles.get(
        kind=Role.Kind.FUNDS
    ).organisation.withdraw(by=None),
    "title emptied": empty_title,
}


@pytest.mark.parametrize("name", CHANGES)
def test_it_follows_what_it_depends_on(name: str):
    program, other = ready_program(), ProgramFactory()
    settle()
    assert is_ready(program)
    before = kept(other)

    CHANGES[name](program)
    settle()

    assert not is_ready(program)
    assert kept(other) == before


def test_all_follow_the_publisher():
    program = ready_program()
    settle()

    Publisher.objects.get().organisation.withdraw(by=None)
    settle()

    assert not is_ready(program)


def test_measuring_again_changes_nothing():
    program = ready_program()
    measure([program.pk])

    measure([program.pk, program.pk + 1000])

    assert ReportingLevel.objects.count() == 1
