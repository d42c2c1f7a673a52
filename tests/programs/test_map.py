"""The map of the programmes, through the real client and address."""

from __future__ import annotations

import gzip
import re
from html import unescape
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import pgettext

from oda_portal.drawing.frames import FRAMES
from oda_portal.publishing import paging
from oda_portal.publishing.models import Status
from partners.models import Country
from programs.atlas.regions import CODES, Region, region_of
from tests.factories import (
    CityFactory,
    CountryFactory,
    OfficeFactory,
    OrganisationFactory,
    ProgramFactory,
    RoleFactory,
)

pytestmark = pytest.mark.django_db
LANGUAGES = [("", "ko"), ("/en", "en"), ("/zh-hans", "zh-hans")]
MAP = "/en/programs/map/"
CIRCLE = re.compile(r'<a href="([^"]+)" class="(\w+)" transform="[^"]+"><title>([^<]+)</title>')
LINE = re.compile(r'<td><a href="([^"]+)" aria-label="([^"]+)">(\d+)</a></td>')


def cambodia(**fields):
    names = {"name_ko": "캄보디아", "name_en": "Cambodia", "name_zh_hans": "柬埔寨"}
    return CountryFactory(code="KH", numeric="116", **names, **fields)


def phnom_penh(**fields):
    names = {"name_ko": "프놈펜", "name_en": "Phnom Penh", "name_zh_hans": "金边"}
    place = {"latitude": 11.5564, "longitude": 104.9282}
    return CityFactory(slug="phnom-penh", **{**names, **place, **fields})


def viet_nam():
    return CountryFactory(code="VN", numeric="704", name_en="Viet Nam", name_ko="베트남")


def program(*, cities=(), countries=(), **fields):
    made = ProgramFactory(**fields)
    made.cities.set(cities)
    made.countries.set([*countries, *{city.country for city in cities}])
    return made


def page_of(client: Client, address: str = MAP) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def circles(page: str) -> dict[str, str]:
    """What the circles of the wide screen say, and where they lead."""
    wide = page.partition('class="atlas-wide"')[2].partition("</svg>")[0]
    return {unescape(title): unescape(url) for url, _look, title in CIRCLE.findall(wide)}


def lines(page: str) -> dict[str, int]:
    """The numbers of the list, by what its links say."""
    return {unescape(label): int(number) for _url, label, number in LINE.findall(page)}


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_map_page_shows_places_in_the_language(client: Client, prefix: str, language: str):
    OfficeFactory()
    city = phnom_penh(country=cambodia())
    program(cities=[city])

    page = page_of(client, f"{prefix}/programs/map/")

    with translation.override(language):
        place = pgettext("a city and its country", "%(city)s (%(country)s)") % {
            "city": city.name,
            "country": city.country.name,
        }
        assert f"<title>{place}" in page
    assert f'href="{prefix}/programs/?city=phnom-penh"' in page
    assert f'href="{prefix}/partners/cities/phnom-penh/"' in page
    assert '<img src="/drawings/world.svg"' in page


def test_city_and_country_have_circles_of_their_own(client: Client):
    OfficeFactory()
    country = cambodia()
    city = phnom_penh(country=country)
    program(cities=[city])
    program(cities=[city])
    program(countries=[country])
    program(countries=[viet_nam()])

    page = page_of(client, f"{MAP}?region=south-east-asia")

    assert circles(page) == {
        "Phnom Penh (Cambodia): 2 programmes": ("/en/programs/?city=phnom-penh"),
        "Cambodia: 3 programmes, 1 of them in no named city": "/en/programs/?country=KH",
        "Viet Nam: 1 programme": "/en/programs/?country=VN",
    }
    assert lines(page) == {
        "Cambodia: 3 programmes": 3,
        "Phnom Penh: 2 programmes": 2,
        "Viet Nam: 1 programme": 1,
    }


def test_programme_in_several_countries_counts_in_each_and_once_together(client: Client):
    OfficeFactory()
    program(countries=[cambodia(), viet_nam()])

    page = page_of(client)

    assert set(lines(page).values()) == {1}
    assert len(lines(page)) == 2
    assert "1 programme on the map" in page
    assert "is counted in each of them" in page


def test_programmes_without_a_place_are_said_and_linked(client: Client):
    OfficeFactory()
    program(countries=[cambodia()])
    forum = program(kind="forum", title_en="Forum at home")
    program(cities=[CityFactory(relation="home")], title_en="Seminar at home").countries.clear()

    page = page_of(client)

    assert "1 programme on the map" in page
    assert "2 programmes are not on the map" in page
    assert f'<a href="/en/programs/{forum.code}/">Forum at home</a>' in page
    assert "Seminar at home" in page


@pytest.mark.every_case
@pytest.mark.parametrize(
    "fields",
    [
        {"ours": False},
        {"is_demonstration": True},
        {"status": Status.DRAFT},
        {"status": Status.WITHDRAWN},
    ],
)
def test_what_is_not_the_citys_own_or_not_public_is_nowhere_on_the_map(
    client: Client, fields: dict
):
    OfficeFactory()
    program(cities=[phnom_penh(country=cambodia(), relation="partner")], **fields)

    page = page_of(client)

    assert circles(page) == {}
    assert lines(page) == {}
    assert "Phnom Penh" not in page.partition('class="atlas"')[2]


def test_city_that_is_not_public_is_counted_at_its_country(client: Client):
    OfficeFactory()
    program(cities=[phnom_penh(country=cambodia(), status=Status.DRAFT)])

    page = page_of(client)

    assert lines(page) == {"Cambodia: 1 programme": 1}
    assert "Phnom Penh" not in page


def world(client: Client) -> None:
    """Programmes of several kinds and years in cities and countries of two regions."""
    OfficeFactory()
    first, second = cambodia(), viet_nam()
    ghana = CountryFactory(code="GH", numeric="288", name_en="Ghana")
    city = phnom_penh(country=first)
    other = CityFactory(slug="hcmc", country=second, latitude=10.7, longitude=106.7)
    body = OrganisationFactory(slug="body")
    for kind in ("funds", "hosts"):
        RoleFactory(program=program(cities=[city], kind="volunteer"), organisation=body, kind=kind)
    RoleFactory(program=program(countries=[ghana]), organisation=body, kind="hosts")
    program(cities=[city, other], kind="volunteer", starts_on="2024-05-01", ends_on="2024-05-09")
    program(countries=[first, second, ghana], kind="training")
    program(countries=[ghana], kind="training", starts_on="2024-01-01", ends_on="2024-01-02")
    program(kind="forum")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?kind=volunteer",
        "?kind=training&year=2024",
        "?country=KH",
        "?city=phnom-penh",
        "?country=VN&city=hcmc",
        "?region=south-east-asia",
        "?region=middle-east-africa&kind=training",
        "?q=Programme",
        "?organisation=body",
    ],
)
def test_every_number_is_that_of_the_list_it_leads_to(client: Client, query: str):
    world(client)

    page = page_of(client, MAP + query)

    found = {url: number for url, _label, number in LINE.findall(page)}
    assert found
    for url, number in found.items():
        listed = client.get(unescape(url)).context["listing"].total
        assert listed == int(number), url


@pytest.mark.parametrize("view", ["", "south-east-asia", "middle-east-africa"])
@pytest.mark.parametrize("query", ["", "kind=volunteer", "kind=training", "country=KH"])
def test_every_circle_says_the_number_of_the_list_it_leads_to(
    client: Client, view: str, query: str
):
    world(client)
    program(countries=[Country.objects.get(code="VN")])

    page = page_of(client, f"{MAP}?{query}&region={view}")

    said: dict[str, set[str]] = {}
    for url, _look, title in CIRCLE.findall(page):  # of both sizes of screen
        if not title.endswith("no programmes"):
            said.setdefault(unescape(url), set()).add(unescape(title))
    assert said or view == "middle-east-africa"
    said.pop("#places", None)  # the list beside the map
    for url, titles in said.items():
        numbers = {int(number) for number in re.findall(r": (\d+) programme", str(titles))}
        if "/map/" in url:
            assert all("(closer view: " in title for title in titles)
        else:
            assert numbers == {client.get(url).context["listing"].total}, (url, titles)


def test_circle_of_some_programmes_of_a_country_says_how_many_its_list_has(client: Client):
    OfficeFactory()
    country = cambodia()
    city = phnom_penh(country=country)
    for _number in range(3):
        program(cities=[city])
    program(countries=[country])

    page = page_of(client, f"{MAP}?region=south-east-asia")

    assert "Cambodia: 4 programmes, 1 of them in no named city" in circles(page)
    assert ">Cambodia (1 of 4)</text>" in page
    assert lines(page)["Cambodia: 4 programmes"] == 4


def test_partner_cities_in_a_country_without_programmes_are_shown_in_a_closer_view(client: Client):
    OfficeFactory()
    country = CountryFactory(code="CN", numeric="156", name_en="China")
    for number in range(2):
        CityFactory(country=country, latitude=31.2 + number / 100, longitude=121.5)

    for view in ("", "?region=east-asia", "?region=east-asia&kind=forum"):
        assert "City" in page_of(client, MAP + view)


def test_world_and_list_have_the_same_programmes_under_a_filter(client: Client):
    world(client)

    context = client.get(f"{MAP}?kind=volunteer").context

    assert context["total"] == context["listing"].total == 3
    assert context["list_url"] == "/en/programs/?kind=volunteer"


def test_region_shows_its_places_alone_on_a_drawing_of_its_own(client: Client):
    world(client)

    page = page_of(client, f"{MAP}?region=middle-east-africa&kind=training")

    assert list(lines(page)) == ["Ghana: 3 programmes"]
    assert '<img src="/drawings/regions/middle-east-africa.svg"' in page
    assert "Middle East and Africa: 3 programmes" in page
    assert 'href="/en/programs/map/?kind=training"' in page  # back to the world
    assert '<input type="hidden" name="region" value="middle-east-africa"' in page
    assert re.search(r'region=middle-east-africa" aria-current="true"', page)


def test_values_nobody_knows_are_named_and_left_out(client: Client):
    world(client)

    page = page_of(client, f"{MAP}?region=atlantis&kind=volunteer")

    assert "One filter had a value that we do not know." in page
    assert "<p>Part of the world</p>" in page
    assert '<img src="/drawings/world.svg"' in page
    assert "3 programmes on the map" in page


@pytest.mark.parametrize("most", [1, 1_000])
@pytest.mark.parametrize("query", ["page=2", "page=1000000000", "page=x"])
def test_map_has_no_pages(client: Client, monkeypatch, query: str, most: int):
    monkeypatch.setattr(paging, "MOST_COUNTED", most)
    world(client)

    assert client.get(f"{MAP}?{query}").status_code == 404


@pytest.mark.parametrize(
    "query", ["region=%00", "kind=x&region=x&year=x", "region=europe&region=x"]
)
def test_bad_addresses_are_answered_in_words(client: Client, query: str):
    OfficeFactory()

    page = page_of(client, f"{MAP}?{query}")

    assert "do not know" in page


def test_nothing_found_helps(client: Client):
    world(client)

    page = page_of(client, f"{MAP}?kind=consulting")

    assert circles(page) == {}
    assert "No results. Try fewer filters or other words." in page
    assert "Clear all filters" in page


def test_partner_city_without_programmes_is_a_dot_and_in_its_region_a_place(client: Client):
    OfficeFactory()
    phnom_penh(country=cambodia())

    whole = page_of(client)
    closer = page_of(client, f"{MAP}?region=south-east-asia")

    assert '<circle class="sister"' in whole
    assert circles(whole) == {}
    assert circles(closer) == {
        "Phnom Penh (Cambodia): no programmes": "/en/partners/cities/phnom-penh/"
    }


def test_country_of_which_no_position_is_known_is_in_the_list_alone(client: Client):
    OfficeFactory()
    program(countries=[CountryFactory(code="KN", numeric="659", name_en="Saint Kitts")])

    page = page_of(client)

    assert lines(page) == {"Saint Kitts: 1 programme": 1}
    assert circles(page) == {}
    assert "since we have no position for them" in page


def test_names_are_text_and_nothing_else(client: Client):
    OfficeFactory()
    program(cities=[phnom_penh(country=cambodia(), name_en="<b>\"&'</b>")])

    page = page_of(client, f"{MAP}?region=south-east-asia")

    assert "<b>&quot;" not in page
    assert '<b>"' not in page
    assert "&lt;b&gt;" in page


@pytest.mark.thorough
def test_questions_to_the_database_do_not_grow(uncached_queries):
    OfficeFactory()
    client = Client()
    program(cities=[phnom_penh(country=cambodia())])
    program()
    few = uncached_queries(client, MAP), uncached_queries(client, f"{MAP}?region=europe")
    for code in "VN TH LA MM PH ID MY SG BN".split():
        country = CountryFactory(code=code)
        for _number in range(4):
            program(cities=[CityFactory(country=country)])
            program(countries=[country])
            program()

    many = uncached_queries(client, MAP), uncached_queries(client, f"{MAP}?region=europe")

    assert many == few
    assert max(many) <= 10


@pytest.mark.thorough
def test_page_with_all_the_world_is_light(client: Client):
    OfficeFactory()
    codes = [code for region in Region for code in CODES[region].split()[:8]]
    for number, code in enumerate(codes):
        country = CountryFactory(code=code, latitude=number % 60, longitude=number * 2)
        program(countries=[country])

    page = page_of(client)

    assert len(lines(page)) == len(codes)
    assert len(gzip.compress(page.encode())) < 15_000


def test_circles_are_links_from_the_largest_on(client: Client):
    world(client)

    page = page_of(client, f"{MAP}?region=south-east-asia")

    # Of a country without its cities, the number that its area shows comes second.
    drawn = [re.findall(r"(?<=[:,] )\d+", title)[-1] for title in circles(page)]
    numbers = [int(number) for number in drawn]
    assert all(a >= b for a, b in pairwise(numbers))


def test_every_country_lies_in_one_region_and_every_region_has_a_frame():
    codes = [code for region in Region for code in CODES[region].split()]

    assert len(codes) == len(set(codes)) > 235
    assert set(Region.values) == set(FRAMES)
    assert region_of("KH") == Region.SOUTH_EAST_ASIA
    assert region_of("AQ") is None


def test_list_home_and_menu_lead_to_the_map(client: Client):
    OfficeFactory()

    assert 'href="/en/programs/map/?kind=training"' in page_of(
        client, "/en/programs/?kind=training"
    )
    assert page_of(client, "/en/").count('href="/en/programs/map/"') > 1
    assert 'href="/en/programs/map/"' in page_of(client, "/en/about/site-map/")
    assert "/en/programs/map/</loc>" in page_of(client, "/sitemap.xml")


def test_country_and_its_cities_are_one_circle_on_the_world(client: Client):
    OfficeFactory()
    country = cambodia()
    program(cities=[phnom_penh(country=country)])
    program(countries=[country])

    assert circles(page_of(client)) == {"Cambodia: 2 programmes": "/en/programs/?country=KH"}


def test_city_of_a_country_that_is_not_named_leads_to_what_is_counted(client: Client):
    OfficeFactory()
    city = phnom_penh(country=cambodia())
    program(cities=[city]).countries.clear()

    assert circles(page_of(client)) == {
        "Phnom Penh (Cambodia): 1 programme": "/en/programs/?city=phnom-penh"
    }
