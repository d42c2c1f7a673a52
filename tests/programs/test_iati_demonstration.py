"""All facts of the demonstration, once staff have confirmed sectors, shares and roles."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from oda_portal.demo.demonstration import load_demonstration
from oda_portal.files.storages import private_storage
from oda_portal.opendata.iati.checking import check
from partners.models import Organisation
from programs.models import Program, Publisher, Reporting, Role, SectorShare
from programs.reporting import files
from programs.reporting.publishing import Kind, Result, publish, serving
from programs.reporting.readiness import for_reporting, missing, reportable
from programs.reporting.recipients import suggested_shares

from .reporting import TEST_REF, confirmed, sector

pytestmark = pytest.mark.django_db

# What the facts do not say of any, and staff who know would add: who paid and ran it, what for.
USUAL_SECTORS = {"volunteer": "12261", "forum": "99820", "network": "91010", "training": "43030"}
# Staff cannot confirm what nobody knows: these wait for a date or a longer text.
UNKNOWN = {"dates", "description"}


def wanted() -> list[Program]:
    """Ours that took place; everything that staff can add of sectors, shares and roles is added."""
    city, foundation = (Organisation.objects.get(slug=slug) for slug in ("busan-city", "bgcf"))
    Organisation.objects.filter(pk=foundation.pk).update(org_ref=TEST_REF)
    Publisher.objects.create(organisation=Organisation.objects.get(slug="bgcf"))
    rows = Program.objects.published().ours().filter(announced_only=False)
    found = list(for_reporting(rows))
    for program in found:
        Reporting.objects.create(program=program, wanted=True)
        if not program.sector_shares.all():
            code = USUAL_SECTORS.get(program.kind, "43030")
            SectorShare.objects.create(program=program, sector=sector(code))
        for kind, organisation in ((Role.Kind.FUNDS, city), (Role.Kind.IMPLEMENTS, foundation)):
            Role.objects.get_or_create(program=program, organisation=organisation, kind=kind)
        _share(program)
    return [confirmed(program) for program in found]


def _share(program: Program) -> None:
    """As the page for confirming suggests it, to exactly a hundred."""
    shares = list(program.country_shares.all())
    suggested = suggested_shares(program, shares)
    for share in shares:
        share.percentage = suggested[share.country_id]
        share.save()
    sectors = list(program.sector_shares.all())
    if len(sectors) > 1:
        each = (Decimal(100) / len(sectors)).quantize(Decimal("0.01"))
        for number, part in enumerate(sectors):
            part.percentage = each if number else 100 - each * (len(sectors) - 1)
            part.save()


@pytest.mark.thorough
def test_nothing_is_served_of_it_while_nobody_has_confirmed_anything(client):
    load_demonstration()
    publish(by=None)
    answer = client.get("/data/iati/activities.xml")
    assert answer.status_code == 404
    assert "IATI" in answer.content.decode()


@pytest.mark.thorough
def test_it_is_clean_and_everything_else_says_why_it_waits(client):
    load_demonstration()
    programs = wanted()
    outcomes = publish(by=None)
    assert [outcome.result for outcome in outcomes] == [Result.PUBLISHED] * 2
    waiting = {program: missing(program) for program in reportable()}
    ready = [program for program, lacking in waiting.items() if not lacking]
    assert {each.name for lacking in waiting.values() for each in lacking} <= UNKNOWN
    assert len(programs) > 40
    assert outcomes[0].activities == len(ready) > 30
    for kind in Kind:
        path = private_storage().path(files.name_of(serving(kind).sha256))
        assert check(path, organisation=kind == Kind.ORGANISATION) == []
    _compare(client.get("/data/iati/activities.xml"), ready)


def _compare(answer: Any, ready: list[Program]) -> None:
    """What is told is what the portal has."""
    root = etree.fromstring(b"".join(answer))
    told = {
        element.findtext("iati-identifier"): element for element in root.findall("iati-activity")
    }
    assert told.keys() == {f"{TEST_REF}-{program.code}" for program in ready}
    for program in ready:
        element = told[f"{TEST_REF}-{program.code}"]
        assert element.findtext("title/narrative") == program.title_ko
        countries = {share.country.code for share in program.country_shares.all()}
        assert {row.get("code") for row in element.findall("recipient-country")} <= countries
        shares = [row.get("percentage") for row in element.findall("recipient-country")]
        if len(shares) > 1:
            assert sum(Decimal(share) for share in shares) == 100
