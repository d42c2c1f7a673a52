"""The public list and pages of what partners publish themselves, and it as data."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from oda_portal.publishing.models import Status
from partners.models import Country, PartnerActivity
from tests import factories
from tests.partners.iati_files import REFERENCE, activity, iati, publisher, taken
from tests.structured.reading import graph_of, head_of, kinds_in

pytestmark = pytest.mark.django_db

LIST = "/partners/activities/"
PREFIXES = ("", "/en", "/zh-hans")
DAC_CATEGORIES = """<sector vocabulary="2" code="111" percentage="50"/>
  <sector vocabulary="2" code="112" percentage="50"/>
  <sector vocabulary="99" code="A1" percentage="100"/>"""
TWO_COUNTRIES = """<recipient-country code="AF" percentage="25"/>
  <recipient-country code="AG" percentage="75"/>"""


def one(client: Client, prefix: str = "", **more: str) -> str:
    factories.OfficeFactory()
    taken(iati(activity(1, **more)), publisher())
    return client.get(prefix + PartnerActivity.objects.get().get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("prefix", "title", "sector", "status"),
    [
        ("", "마을 식수", "14031 기초 식수 공급", "진행 중"),
        ("/en", "Water for a village", "14031 Basic drinking water supply", "Implementation"),
        ("/zh-hans", "Water for a village", "14031 基本饮水供应", "实施中"),
    ],
)
def test_activity_detail_says_what_the_publisher_says(
    client: Client, prefix: str, title: str, sector: str, status: str
):
    page = one(client, prefix)

    for words in (title, sector, status, "CC BY 4.0", f"{REFERENCE}-1", "Village committee"):
        assert words in page
    organisation = PartnerActivity.objects.get().organisation
    assert organisation.get_absolute_url() in page


@pytest.mark.parametrize("prefix", PREFIXES)
def test_activity_that_is_shared_says_whose_it_is(client: Client, prefix: str):
    page = one(client, prefix)

    language = {"": "ko", "/en": "en", "/zh-hans": "zh_hans"}[prefix]
    name = getattr(PartnerActivity.objects.get().organisation, f"name_{language}")
    assert head_of(page)["og:description"].startswith(f"{name}: ")
    assert kinds_in(graph_of(page)) == ["Organization", "WebSite", "BreadcrumbList"]


def test_text_in_another_language_is_marked(client: Client):
    page = one(client, "/zh-hans")

    assert '<span lang="en">Water for a village</span>' in page


def test_countries_have_the_names_that_they_have_in_lists(client: Client):
    factories.CountryFactory(code="KH", name_ko="캄보디아")
    body = '<recipient-country code="LA" percentage="12.50"/>'

    page = one(client, body=body + '<recipient-country code="AN"/>')

    assert "캄보디아" in page
    assert "라오스" in page  # the site had none until the file came
    assert "NETHERLAND ANTILLES" in page  # withdrawn: by IATI's name
    assert "12.5%" in page


def test_nothing_of_a_file_is_markup_or_a_script(client: Client):
    body = """<document-link url="javascript:alert(1)" format="text/html">
      <title><narrative>Evil</narrative></title><category code="A12"/></document-link>
      <document-link url="https://example.org/a" format="text/html">
      <title><narrative>Good</narrative></title><category code="A12"/></document-link>"""
    page = one(client, "/en", title="&lt;script&gt;alert(1)&lt;/script&gt;", body=body)

    assert "<script>alert" not in page
    assert "javascript:alert" not in page
    assert "Evil" not in page
    assert "https://example.org/a" in page


def activities(**fields: object) -> PartnerActivity:
    return factories.PartnerActivityFactory(**fields)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_activity_list_shows_what_is_public_alone(client: Client, prefix: str):
    factories.OfficeFactory()
    shown = activities()
    hidden = [
        activities(status=Status.DRAFT),
        activities(status=Status.WITHDRAWN),
        activities(file__organisation__status=Status.DRAFT),
    ]

    page = client.get(prefix + LIST).content.decode()

    assert prefix + shown.get_absolute_url() in page
    for row in hidden:
        assert row.get_absolute_url() not in page
        assert client.get(prefix + row.get_absolute_url()).status_code == 404


def shown(client: Client, query: str) -> set[int]:
    page = client.get(f"{LIST}?{query}")
    return {row.pk for row in page.context["listing"].page}


def test_each_filter_narrows_the_list(client: Client):
    factories.OfficeFactory()
    country = factories.CountryFactory(code="KH")
    row = activities(starts_on="2019-05-01", ends_on="2020-06-30", activity_status="4")
    row.countries.add(country)
    row.sectors.create(vocabulary="1", code="14031")
    PartnerActivity.objects.filter(pk=row.pk).update(title_zh_hans="饮水", title_other="Eau")
    other = activities()
    other.sectors.create(vocabulary="99", code="14031")

    for query in (
        "q=饮水",
        "q=eau",
        f"q={row.identifier}",
        f"organisation={row.organisation.slug}",
        "country=KH",
        "sector=14031",
        "year=2020",
        "status=4",
    ):
        assert shown(client, query) == {row.pk}, query
    assert shown(client, "") == {row.pk, other.pk}


def test_values_that_mean_nothing_are_named_and_ignored(client: Client):
    factories.OfficeFactory()
    activities()

    page = client.get(f"/en{LIST}?status=9&year=x&country=ZZ&sector=%00")

    assert page.status_code == 200
    assert len(page.context["listing"].page) == 1
    assert len(page.context["listing"].ignored) == 4


def test_files_have_the_rows_of_the_list(client: Client):
    factories.OfficeFactory()
    factories.CountryFactory(code="KH", name_ko="캄보디아")
    taken(iati(activity(1), activity(2, title="=1+1")), publisher(slug="ministry"))
    PartnerActivity.objects.filter(identifier__endswith="-2").update(title_ko="")

    answer = client.get(f"{LIST}?format=csv&country=KH")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))

    assert {row["identifier"] for row in rows} == {f"{REFERENCE}-1", f"{REFERENCE}-2"}
    by_identifier = {row["identifier"][-1]: row for row in rows}
    first = by_identifier["1"]
    assert (first["title"], first["organisation_slug"], first["country_names"]) == (
        "마을 식수",
        "ministry",
        "캄보디아",
    )
    assert (first["sector_codes"], first["sector_names"]) == ("14031", "기초 식수 공급")
    assert by_identifier["2"]["title"] == "'=1+1"
    assert client.get(f"{LIST}?format=csv&status=9").status_code == 400


def test_countries_and_sectors_that_the_site_did_not_know_are_in_lists_and_files(client: Client):
    """Those of IATI's own example: Afghanistan and Antigua, sectors of three digits."""
    factories.OfficeFactory()
    text = activity(1).replace('<sector vocabulary="1" code="14031"/>', DAC_CATEGORIES)
    text = text.replace('<recipient-country code="KH"/>', TWO_COUNTRIES)
    taken(iati(text), publisher())

    page = client.get(f"/zh-hans{LIST}").content.decode()
    [row] = csv.DictReader(
        io.StringIO(
            client.get(f"/en{LIST}?format=csv&country=AG&sector=112&lang=en")
            .getvalue()
            .decode("utf-8-sig")
        )
    )
    detail = client.get(PartnerActivity.objects.get().get_absolute_url()).content.decode()

    assert "阿富汗" in page
    assert row["country_codes"] == "AF;AG"
    assert row["country_names"] == "Afghanistan;Antigua & Barbuda"
    assert row["sector_codes"] == "111;112"
    assert "112 기초 교육" in detail
    afghanistan = Country.objects.get(code="AF")
    assert (afghanistan.alpha3, afghanistan.numeric, afghanistan.name_ko) == (
        "AFG",
        "004",
        "아프가니스탄",
    )


@pytest.mark.parametrize("number", [1, 20])
def test_pages_ask_the_database_little(client: Client, uncached_queries, number: int):
    factories.OfficeFactory()
    for _each in range(number):
        row = activities()
        row.countries.add(factories.CountryFactory())
        row.sectors.create(vocabulary="1", code="14031")

    assert uncached_queries(client, LIST) <= 10
    assert uncached_queries(client, row.get_absolute_url()) <= 10


def test_list_is_found_by_search_site_map_and_partners_page(client: Client):
    factories.OfficeFactory()
    row = activities()

    assert LIST in client.get("/partners/").content.decode()
    sitemap = client.get("/sitemap.xml").content.decode()
    assert row.get_absolute_url() in sitemap
    with translation.override("ko"):
        assert reverse("partners:activity_list") == LIST


def test_pages_of_the_organisation_and_the_city_lead_to_it(client: Client):
    factories.OfficeFactory()
    city = factories.CityFactory()
    row = activities()
    row.countries.add(city.country)

    body = client.get(row.organisation.get_absolute_url()).content.decode()
    place = client.get(city.get_absolute_url()).content.decode()

    assert f"{LIST}?organisation={row.organisation.slug}" in body
    assert f"{LIST}?country={city.country.code}" in place


def test_pages_of_others_do_not_lead_to_an_empty_list(client: Client):
    factories.OfficeFactory()
    city, organisation = factories.CityFactory(), factories.OrganisationFactory()
    activities(status=Status.DRAFT, file__organisation=organisation)

    for row in (city, organisation):
        assert LIST not in client.get(row.get_absolute_url()).content.decode()


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["ko", "all"])
def test_data_ask_the_database_as_often_for_many(client: Client, language: str):
    factories.OfficeFactory()
    client.get(f"{LIST}?format=json")  # choices of the filters are kept from then on
    asked = []
    for number in (1, 30):
        for _each in range(number):
            row = activities()
            row.countries.add(factories.CountryFactory())
            row.sectors.create(vocabulary="1", code="14031")
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"{LIST}?format=json&lang={language}")
            found = json.loads(answer.getvalue())["results"]
        asked.append(len([query for query in queries if '"partners_' in query["sql"]]))
        assert len(found) == PartnerActivity.objects.count()

    assert asked[0] == asked[1] <= 10


def test_row_as_data_names_codes_and_words(client: Client):
    factories.OfficeFactory()
    row = activities(file__licence="CC0")
    row.sectors.create(vocabulary="1", code="14031")
    row.sectors.create(vocabulary="99", code="own")

    [found] = json.loads(client.get(f"/en{LIST}?format=json&lang=en").getvalue())["results"]

    assert (found["status"], found["status_name"]) == ("2", "Implementation")
    assert found["sector_codes"] == ["14031"]
    assert found["sector_names"] == ["Basic drinking water supply"]
    assert (found["starts_on"], found["ends_on"]) == ("2025-01-01", "2025-12-31")
    assert found["url"].endswith(f"/en{row.get_absolute_url()}")
    assert "raw_xml" not in found


def test_names_of_any_length_stay_a_line_of_the_page(client: Client):
    name = "long " * 9_000
    endless = f"<participating-org><narrative>{name}</narrative></participating-org>"
    far = f'<document-link url="https://example.org/{"x" * 9_000}"/>'

    assert len(one(client, body=(endless + far) * 3)) < 60_000
