"""Programmes that may be reported, made so by the acts that staff have, or waiting for those."""

from __future__ import annotations

from typing import Any

from partners.models import Country
from programs.models import (
    Confirmation,
    CountryShare,
    Program,
    Publisher,
    Reporting,
    Role,
    Sector,
    SectorShare,
)
from programs.reporting import confirming
from programs.reporting.fingerprints import fingerprint
from programs.reporting.readiness import for_reporting
from tests.factories import CountryFactory, OrganisationFactory, ProgramFactory, RoleFactory

TEST_REF = "XI-IATI-PORTALTEST"
SUMMARY = "A course of three weeks in which officials learn from each other how a city is planned."


def name_publisher(ref: str = TEST_REF) -> Publisher:
    """The organisation that everything is reported as; another than those of the programmes."""
    organisation = OrganisationFactory(slug="publisher", org_ref=ref, kind="11")
    return Publisher.objects.create(organisation=organisation)


def the_publisher() -> Publisher:
    return Publisher.objects.first() or name_publisher()


def country(code: str = "VN") -> Country:
    found = Country.objects.filter(code=code).first()
    return found or CountryFactory(code=code, dac_group="LMIC")


def sector(code: str = "43030") -> Sector:
    names = {"name_ko": "도시계획", "name_en": "Urban planning"}
    return Sector.objects.get_or_create(code=code, defaults=names)[0]


def reported_program(**values: Any) -> Program:
    """All that is needed is there, and confirmed; `countries` and `sectors` give percentages."""
    countries = values.pop("countries", None) or {"VN": None}
    sectors = values.pop("sectors", None) or {"43030": None}
    program = ProgramFactory(
        **{"title_en": "Urban planning course", "summary_en": SUMMARY, **values}
    )
    for code, percentage in countries.items():
        row = country(code)
        CountryShare.objects.create(program=program, country=row, percentage=percentage)
    for code, percentage in sectors.items():
        SectorShare.objects.create(program=program, sector=sector(code), percentage=percentage)
    RoleFactory(program=program, kind=Role.Kind.FUNDS)
    RoleFactory(program=program, kind=Role.Kind.IMPLEMENTS)
    Reporting.objects.create(program=program, wanted=True)
    return confirmed(program)


def confirmed(program: Program) -> Program:
    """As it stands now; the programme as the database has it afterwards."""
    for aspect in Confirmation.Aspect.values:
        seen = fingerprint(for_reporting(Program.objects.all()).get(pk=program.pk), aspect)
        confirming.confirm(program, aspect, seen=seen, by=None)
    return for_reporting(Program.objects.all()).get(pk=program.pk)


def ready_program(**values: Any) -> Program:
    the_publisher()
    return reported_program(**values)


def unconfirmed_program(**values: Any) -> Program:
    """It has everything else, and its sectors are reported ones; shares may be missing."""
    countries: dict[str, Any] = values.get("countries", {})
    lacks_shares = len(countries) > 1 and None in countries.values()
    if lacks_shares:
        values["countries"] = {code: 100 * (not n) for n, code in enumerate(countries)}
    program = ready_program(**values)
    Confirmation.objects.filter(program=program).delete()
    if lacks_shares:
        CountryShare.objects.filter(program=program).update(percentage=None)
    return Program.objects.get(pk=program.pk)
