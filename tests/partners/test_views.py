"""Public pages of cities, organisations and agreements."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest
from django.test import Client

from partners.models import City, Organisation
from tests.factories import (
    AgreementFactory,
    CityFactory,
    CountryFactory,
    OfficeFactory,
    OrganisationFactory,
    ProgramFactory,
    RoleFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db


def test_partner_index_counts_ties_by_relation(client: Client):
    OfficeFactory()
    CityFactory()
    CityFactory(relation=City.Relation.FRIENDSHIP)
    CityFactory(relation=City.Relation.FRIENDSHIP)
    CityFactory(relation=City.Relation.HOME)

    page = client.get("/en/partners/").content.decode()

    assert "1 sister city" in page
    assert "2 friendship cities" in page


@pytest.mark.sqlite_too
@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", {"yangon", "hamburg"}),
        ("kind=sister", {"yangon"}),
        ("kind=friendship", {"hamburg"}),
        ("country=MM", {"yangon"}),
        ("q=YANG", {"yangon"}),
        ("q=仰", {"yangon"}),
        ("q=ရန်ကုန်", {"yangon"}),
    ],
)
def test_city_list_filters(client: Client, query: str, slugs: set[str]):
    OfficeFactory()
    CityFactory(
        slug="yangon",
        country=CountryFactory(code="MM"),
        name_ko="양곤",
        name_en="Yangon",
        name_zh_hans="仰光",
        native_name="ရန်ကုန်",
    )
    CityFactory(slug="hamburg", relation=City.Relation.FRIENDSHIP)
    CityFactory(slug="busan", relation=City.Relation.HOME)

    listing = client.get(f"/partners/cities/?{query}").context["listing"]

    assert {city.slug for city in listing.page} == slugs
    assert listing.ignored == []


@pytest.mark.parametrize(
    ("prefix", "order"),
    [("", ["b", "a"]), ("/en", ["a", "b"]), ("/zh-hans", ["b", "a"])],
)
def test_city_list_is_in_the_order_of_its_language(client: Client, prefix: str, order: list[str]):
    OfficeFactory()
    CityFactory(slug="a", name_ko="하노이", name_en="Alpha", name_zh_hans="乙")
    CityFactory(slug="b", name_ko="가오슝", name_en="Beta", name_zh_hans="丙")

    page = client.get(f"{prefix}/partners/cities/").context["listing"].page

    assert [city.slug for city in page] == order


def test_city_detail_tells_the_tie_and_what_was_done(client: Client):
    OfficeFactory()
    city = CityFactory(agreed_on=date(2016, 8, 3), latitude=47.8864, longitude=106.9057)
    program = ProgramFactory(kind="volunteer")
    program.cities.add(city)
    agreement = AgreementFactory()
    agreement.cities.add(city)
    near = CityFactory()

    page = client.get(f"/en{city.get_absolute_url()}").content.decode()

    assert "3 August 2016" in page
    assert "about 2,310 km" in page
    assert program.title_en in page
    assert agreement.title_en in page
    assert near.name_en in page


def test_city_map_is_a_drawing_without_words(client: Client):
    OfficeFactory()
    city = CityFactory()

    response = client.get(f"{city.get_absolute_url()}map.svg")

    assert response.headers["Content-Type"] == "image/svg+xml"
    tags = {
        element.tag.rsplit("}")[-1] for element in ElementTree.fromstring(response.content).iter()
    }
    assert "path" in tags
    assert "text" not in tags


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_city_list_opens_with_what_is_said_of_the_home_city(client: Client, prefix: str):
    OfficeFactory()
    home = CityFactory(relation=City.Relation.HOME)
    column = f"intro_{prefix[1:].replace('-', '_') or 'ko'}"

    assert getattr(home, column) in client.get(f"{prefix}/partners/cities/").content.decode()


def test_city_list_says_nothing_of_a_home_city_that_is_not_public(client: Client):
    OfficeFactory()
    home = CityFactory(relation=City.Relation.HOME, status="draft")

    assert home.intro_ko not in client.get("/partners/cities/").content.decode()


def test_city_of_home_has_no_page(client: Client):
    OfficeFactory()
    home = CityFactory(relation=City.Relation.HOME)

    assert client.get(home.get_absolute_url()).status_code == 404


def test_organisation_list_counts_each_programme_once(client: Client):
    OfficeFactory()
    body, program = OrganisationFactory(), ProgramFactory()
    RoleFactory(organisation=body, program=program, kind="funds")
    RoleFactory(organisation=body, program=program, kind="implements")
    RoleFactory(organisation=body, program=ProgramFactory(status="draft"))

    page = client.get("/partners/organisations/").context["listing"].page

    assert [(row.slug, row.programs_count) for row in page] == [(body.slug, 1)]


@pytest.mark.sqlite_too
@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("kind=80", {"pnu"}),
        ("country=KH", {"clinic"}),
        ("q=PNU", {"pnu"}),
        ("q=보건소", {"clinic"}),
    ],
)
def test_organisation_list_filters(client: Client, query: str, slugs: set[str]):
    OfficeFactory()
    OrganisationFactory(slug="pnu", abbreviation="PNU")
    OrganisationFactory(
        slug="clinic",
        kind=Organisation.Kind.OTHER_PUBLIC,
        country=CountryFactory(code="KH"),
        label_ko="보건소",
    )

    page = client.get(f"/partners/organisations/?{query}").context["listing"].page

    assert {body.slug for body in page} == slugs


@pytest.mark.sqlite_too
@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", {"port", "clinic"}),
        ("organisation=bexco", {"port"}),
        ("year=2022", {"clinic"}),
        ("q=보건", {"clinic"}),
        ("year=2022&organisation=bexco", set()),
    ],
)
def test_agreement_list_filters(client: Client, query: str, slugs: set[str]):
    OfficeFactory()
    port = AgreementFactory(slug="port", signed_on=date(2026, 2, 26))
    port.parties.add(OrganisationFactory(slug="bexco"))
    AgreementFactory(slug="clinic", signed_on=date(2022, 6, 15), title_ko="보건 협약")

    listing = client.get(f"/partners/agreements/?{query}").context["listing"]

    assert {row.slug for row in listing.page} == slugs
    assert listing.ignored == []


def test_organisation_detail_tells_its_legal_name_and_what_it_was_formed_from(client: Client):
    OfficeFactory()
    body = OrganisationFactory(
        legal_name_en="The Foundation, Incorporated", predecessors_en="First body\nSecond body"
    )

    page = client.get(f"/en{body.get_absolute_url()}").content.decode()
    found = client.get("/en/partners/organisations/?q=second+body").context["listing"].page

    assert "<dd>The Foundation, Incorporated</dd>" in page
    assert "<li>First body</li><li>Second body</li>" in page.replace("\n", "")
    assert list(found) == [body]


def test_organisation_detail_without_another_name_says_nothing_of_it(client: Client):
    OfficeFactory()

    page = client.get(f"/en{OrganisationFactory().get_absolute_url()}").content.decode()

    assert "Legal name" not in page
    assert "Formed from" not in page


def test_organisation_detail_names_all_roles_in_a_programme(client: Client):
    OfficeFactory()
    body, program = OrganisationFactory(), ProgramFactory()
    RoleFactory(organisation=body, program=program, kind="funds")
    RoleFactory(organisation=body, program=program, kind="implements")

    page = client.get(f"/en{body.get_absolute_url()}").content.decode()

    assert page.count(program.title_en) == 1
    assert "Funds · Implements" in page


@pytest.mark.thorough
@pytest.mark.parametrize("limit", [8])
@pytest.mark.parametrize(
    "path", ["/partners/", "/partners/cities/", "/partners/organisations/", "/partners/agreements/"]
)
def test_partner_lists_ask_as_often_for_50_rows_as_for_1(
    client: Client, path: str, limit: int, uncached_queries
):
    OfficeFactory()
    fill(1)
    one = uncached_queries(client, path)
    fill(49)

    assert uncached_queries(client, path) == one <= limit


@pytest.mark.thorough
def test_partner_details_ask_as_often_for_50_rows_as_for_1(client: Client, uncached_queries):
    OfficeFactory()
    city, body = fill(1)
    paths = [city.get_absolute_url(), body.get_absolute_url()]
    one = [uncached_queries(client, path) for path in paths]
    for program in [ProgramFactory() for _number in range(49)]:
        program.cities.add(city)
        RoleFactory(program=program, organisation=body)
        OrganisationFactory(parent=body)
        city.sources.add(SourceFactory())

    assert [uncached_queries(client, path) for path in paths] == one
    assert max(one) <= 20


def fill(times: int) -> tuple[City, Organisation]:
    for _number in range(times):
        city, body, program = CityFactory(), OrganisationFactory(), ProgramFactory(kind="volunteer")
        program.cities.add(city)
        RoleFactory(program=program, organisation=body)
        agreement = AgreementFactory()
        agreement.cities.add(city)
        agreement.parties.add(body)
    return city, body
