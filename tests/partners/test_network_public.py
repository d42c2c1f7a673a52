"""What everybody may know of the network: what it is, who belongs to it, who does what."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import (
    MilestoneFactory,
    NetworkMeetingFactory,
    NetworkMemberFactory,
    OfficeFactory,
    OrganisationFactory,
    ProgramFactory,
    RoleFactory,
)

pytestmark = pytest.mark.django_db

NETWORK = "/partners/network/"
MATRIX = "/partners/network/matrix/"
LANGUAGES = [("", "ko"), ("/en", "en"), ("/zh-hans", "zh_hans")]


def read(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    return page.content.decode()


# --- the page of the network ----------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_network_says_what_it_is_and_what_happened(client: Client, prefix: str, language: str):
    OfficeFactory()
    program = ProgramFactory(kind="network")
    body = OrganisationFactory()
    MilestoneFactory(program=program).organisations.add(body)

    page = read(client, prefix + NETWORK)

    for row, field in ((program, "title"), (program.milestones.get(), "text"), (body, "name")):
        assert getattr(row, f"{field}_{language}") in page


def test_network_has_a_page_before_there_is_a_programme(client: Client):
    OfficeFactory()
    ProgramFactory(kind="network", status="draft", title_en="Secret plan")

    page = read(client, "/en" + NETWORK)

    assert "Secret plan" not in page
    assert "meet to find projects together" in page


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_the_programme_of_the_network_moved_here_for_good(client: Client, prefix: str):
    OfficeFactory()
    first = ProgramFactory(kind="network", code="the-network")
    ProgramFactory(kind="network", code="another")

    moved = client.get(f"{prefix}/programs/the-network/")

    assert (moved.status_code, moved.url) == (301, prefix + NETWORK)
    assert first.get_absolute_url().endswith(NETWORK)
    assert client.get(f"{prefix}/programs/another/").status_code == 200
    assert read(client, f"{prefix}/programs/").count(f'"{prefix}{NETWORK}"') >= 1


def test_only_confirmed_organisations_are_named(client: Client):
    OfficeFactory()
    now = timezone.now()
    NetworkMemberFactory(organisation__name_en="Confirmed body")
    NetworkMemberFactory(organisation__name_en="Asked body", confirmed_at=None)
    NetworkMemberFactory(organisation__name_en="Gone body", left_on=now.date())
    NetworkMemberFactory(organisation__name_en="Hidden body", organisation__status="draft")

    page = read(client, "/en" + NETWORK)

    assert "Confirmed body" in page
    for name in ("Asked body", "Gone body", "Hidden body"):
        assert name not in page


def test_an_organisation_is_named_from_the_moment_it_is_confirmed(
    client: Client, django_capture_on_commit_callbacks
):
    OfficeFactory()
    network = NetworkMemberFactory(organisation__name_en="New body", confirmed_at=None)
    assert "New body" not in read(client, "/en" + NETWORK)

    with django_capture_on_commit_callbacks(execute=True):
        network.confirm(by=None)
    assert "New body" in read(client, "/en" + NETWORK)

    with django_capture_on_commit_callbacks(execute=True):
        network.leave(by=None)
    assert "New body" not in read(client, "/en" + NETWORK)


def test_network_shows_its_newest_public_meetings(client: Client):
    OfficeFactory()
    for number in range(4):
        NetworkMeetingFactory(
            title_en=f"Meeting {number}", starts_at=datetime(2026, 1, 1 + number, 5, tzinfo=UTC),
            ends_at=datetime(2026, 1, 1 + number, 7, tzinfo=UTC),
        )  # fmt: skip
    NetworkMeetingFactory(title_en="Members alone", status="draft")

    page = read(client, "/en" + NETWORK)

    assert [f"Meeting {number}" in page for number in range(4)] == [False, True, True, True]
    assert "Members alone" not in page


@pytest.mark.thorough
def test_network_asks_the_same_with_many(client: Client, uncached_queries):
    OfficeFactory()
    program = ProgramFactory(kind="network")
    NetworkMemberFactory()
    MilestoneFactory(program=program).organisations.add(OrganisationFactory())
    NetworkMeetingFactory()
    one = uncached_queries(client, NETWORK)
    NetworkMemberFactory.create_batch(10)
    NetworkMeetingFactory.create_batch(5)
    for milestone in MilestoneFactory.create_batch(10, program=program):
        milestone.organisations.add(OrganisationFactory())

    assert uncached_queries(client, NETWORK) == one


# --- who does what --------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_role_matrix_shows_programme_organisation_and_role(
    client: Client, prefix: str, language: str
):
    OfficeFactory()
    role = RoleFactory(kind="hosts")

    page = read(client, prefix + MATRIX)

    assert getattr(role.program, f"title_{language}") in page
    assert getattr(role.organisation, f"name_{language}") in page
    assert 'data-label="' in page


def test_role_matrix_shows_nothing_that_is_not_public_or_not_ours(client: Client):
    OfficeFactory()
    RoleFactory(program__status="draft", program__title_en="Draft plan")
    RoleFactory(program__ours=False, program__title_en="Somebody else’s")
    hidden = RoleFactory(organisation__status="draft", organisation__name_en="Hidden body")

    page = read(client, "/en" + MATRIX)

    for text in ("Draft plan", "Somebody else’s", "Hidden body", hidden.program.title_en):
        assert text not in page


@pytest.mark.sqlite_too
@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", {"alpha", "beta"}),
        ("organisation=pnu", {"alpha", "beta"}),
        ("organisation=koica", {"alpha"}),
        ("organisation=pnu&role=hosts", {"beta"}),
        ("organisation=koica&role=hosts", set()),
        ("role=funds", {"alpha"}),
        ("year=2024", {"beta"}),
        ("q=Alp", {"alpha"}),
        ("q=부산대", {"alpha", "beta"}),
        ("members=yes", {"alpha"}),
        ("kind=training", {"alpha", "beta"}),
    ],
)
def test_role_matrix_filters(client: Client, query: str, codes: set[str]):
    OfficeFactory()
    koica = NetworkMemberFactory(organisation__slug="koica").organisation
    pnu = OrganisationFactory(slug="pnu", name_ko="부산대학교")
    alpha = ProgramFactory(
        code="alpha", title_en="Alpha", starts_on=date(2019, 1, 1), ends_on=date(2019, 2, 1)
    )
    beta = ProgramFactory(
        code="beta", title_en="Beta", starts_on=date(2024, 1, 1), ends_on=date(2024, 2, 1)
    )
    for program, body, kind in (
        (alpha, koica, "funds"), (alpha, pnu, "takes_part"), (beta, pnu, "hosts"),
    ):  # fmt: skip
        RoleFactory(program=program, organisation=body, kind=kind)

    page = read(client, f"/en{MATRIX}?{query}")

    assert {code for code in ("alpha", "beta") if f"/programs/{code}/" in page} == codes


@pytest.mark.parametrize(
    "query", ["role=nothing", "year=abc", "organisation=%00", "q=" + "x" * 200]
)
def test_role_matrix_ignores_what_it_does_not_know(client: Client, query: str):
    OfficeFactory()
    role = RoleFactory()

    assert role.program.title_en in read(client, f"/en{MATRIX}?{query}")


def test_role_matrix_asks_the_same_with_many(client: Client, uncached_queries):
    OfficeFactory()
    RoleFactory()
    one = uncached_queries(client, MATRIX)
    for program in ProgramFactory.create_batch(20):
        RoleFactory(program=program)
        RoleFactory(program=program)

    assert uncached_queries(client, MATRIX) == one


def test_role_matrix_has_a_file_with_a_line_for_each_role(client: Client):
    OfficeFactory()
    role = RoleFactory(organisation__name_en="=HYPERLINK()", kind="funds")
    RoleFactory(program=role.program, kind="implements")
    RoleFactory(kind="hosts")

    sheet = client.get(f"/en{MATRIX}?role=funds&format=csv")

    lines = list(csv.DictReader(io.StringIO(sheet.getvalue().decode("utf-8-sig"))))
    assert [line["role"] for line in lines] == ["funds", "implements"]
    assert {line["program_code"] for line in lines} == {role.program.code}
    assert lines[0]["organisation_name"] == "'=HYPERLINK()"


def test_the_earlier_address_of_the_file_leads_to_it(client: Client):
    response = client.get(f"/en{MATRIX[:-1]}.csv?role=funds")

    assert response.status_code == 301
    assert response["Location"] == f"/en{MATRIX}?role=funds&format=csv"


def test_the_menu_the_search_and_the_sitemap_lead_here(client: Client):
    OfficeFactory()
    ProgramFactory(kind="network")

    assert f'href="/en{NETWORK}"' in read(client, "/en/partners/")
    assert f'href="/en{MATRIX}"' in read(client, "/en/partners/")
    assert "Who does what" in read(client, "/en/search/?q=who+does+what")
    sitemap = read(client, "/sitemap.xml")
    assert f"/en{NETWORK}<" in sitemap
    assert f"/en{MATRIX}<" in sitemap
