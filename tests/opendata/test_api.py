"""The API: the envelope, filters, order, single rows, code lists, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import quote

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import ArticlePhoto
from oda_portal.opendata.registry import datasets
from oda_portal.publishing.models import Status
from programs.models import Program
from tests.factories import (
    ArticleFactory,
    CityFactory,
    CountryFactory,
    ForumSessionFactory,
    PhotoFactory,
    ProgramFactory,
    RoleFactory,
    ThemeFactory,
)
from tests.publishing.test_pages_show_only_what_is_public import (
    FACTORIES,
    hidden,
    link_up,
    make,
    secret,
)

pytestmark = pytest.mark.django_db

API = "/data/api/v1/"


def asked(client: Client, path: str, **headers: str) -> dict:
    response = client.get(API + path, headers=headers)
    assert response.status_code == 200, response.content.decode()
    assert response.headers["Content-Type"] == "application/json"
    return response.json()


def refused(client: Client, path: str, status: int, **headers: str) -> dict:
    response = client.get(API + path, headers=headers)
    problem = response.json()
    assert (response.status_code, problem["status"]) == (status, status)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cache-Control"] == "no-store"
    return problem


def codes(page: dict) -> list[str]:
    return [row["code"] for row in page["results"]]


def test_list_gives_the_envelope_with_the_rows_of_the_page_for_people(client: Client):
    ProgramFactory(code="ours", starts_on=date(2020, 5, 1), ends_on=None)
    ProgramFactory(code="of-a-partner", ours=False)
    ProgramFactory(code="to-show-how", is_demonstration=True)
    ProgramFactory(code="draft", status=Status.DRAFT)
    ProgramFactory(code="tomorrow", publish_at=timezone.now() + timezone.timedelta(days=1))

    page = asked(client, "programmes/")

    row = page.pop("results")[0]
    assert page == {"count": 1, "next": None, "previous": None, "page": 1, "page_size": 20}
    assert row["code"] == "ours"
    assert row["starts_on"] == "2020-05-01"
    assert row["ends_on"] is None
    assert (row["kind"], row["kind_name"]) == ("training", "연수사업")
    assert row["url"] == "http://localhost:8000/programs/ours/"


def test_pages_walk_over_every_row_once(client: Client):
    ProgramFactory.create_batch(7)

    address, found = "programmes/?page_size=3&kind=training", []
    while address:
        page = asked(client, address.removeprefix(f"http://localhost:8000{API}"))
        found += codes(page)
        address = page["next"]

    assert page["page"] == 3
    assert page["previous"].endswith("?page_size=3&kind=training&page=2")
    assert sorted(found) == sorted(Program.objects.values_list("code", flat=True))


def test_list_narrows_as_the_list_for_people_does(client: Client):
    theme = ThemeFactory(slug="health")
    ProgramFactory(code="healthy").themes.add(theme)
    ProgramFactory(code="forum", kind="forum", starts_on=date(2018, 1, 1), ends_on=date(2018, 1, 2))

    assert codes(asked(client, "programmes/?theme=health")) == ["healthy"]
    assert codes(asked(client, "programmes/?kind=forum&year=2018")) == ["forum"]
    assert codes(asked(client, "programmes/?kind=forum&year=2019")) == []


def test_ordering_goes_both_ways_with_the_unknown_last(client: Client):
    for code, starts in (("b", date(2019, 1, 1)), ("c", None), ("a", date(2021, 1, 1))):
        ProgramFactory(code=code, starts_on=starts, ends_on=None)

    assert codes(asked(client, "programmes/?ordering=starts_on")) == ["b", "a", "c"]
    assert codes(asked(client, "programmes/?ordering=-starts_on")) == ["a", "b", "c"]
    assert codes(asked(client, "programmes/?ordering=code")) == ["a", "b", "c"]


def test_updated_since_leaves_what_did_not_change(client: Client):
    ProgramFactory(code="old")
    ProgramFactory(code="new")
    Program.objects.filter(code="old").update(changed_at="2020-01-31T23:30:00+09:00")
    Program.objects.filter(code="new").update(changed_at="2020-02-01T00:00:00+09:00")

    assert codes(asked(client, "programmes/?updated_since=2020-02-01")) == ["new"]
    assert codes(asked(client, "programmes/?updated_since=2020-01-31T15:00:00Z")) == ["new"]
    moment = quote("2020-02-01T00:00:00+09:00")
    assert codes(asked(client, f"programmes/?updated_since={moment}")) == ["new"]
    assert asked(client, "programmes/?updated_since=2020-01-31")["count"] == 2


@pytest.mark.parametrize(
    "value", ["", "yesterday", "2026-02-31", "2020-02-01T00:00:00+09:00", "0001-01-01", "\x00"]
)
def test_updated_since_says_how_a_moment_is_written(client: Client, value: str):
    problem = refused(client, f"programmes/?updated_since={quote(value, safe='+')}", 400)

    assert [error["parameter"] for error in problem["errors"]] == ["updated_since"]
    assert "%2B09:00" in problem["errors"][0]["detail"]


def test_fields_leaves_the_other_columns_out(client: Client):
    ProgramFactory(code="course")

    assert asked(client, "programmes/?fields=starts_on,code")["results"] == [
        {"code": "course", "starts_on": "2019-03-01"}
    ]
    assert asked(client, "programmes/course/?fields=code") == {"code": "course"}
    row = asked(client, "programmes/course/?fields=title&lang=all")
    assert set(row) == {"title_ko", "title_en", "title_zh_hans"}


def test_row_is_what_stands_in_the_list(client: Client):
    ProgramFactory(code="course")
    CityFactory(slug="hue")

    assert asked(client, "programmes/course/") == asked(client, "programmes/")["results"][0]
    assert asked(client, "cities/hue/") == asked(client, "cities/")["results"][0]


@pytest.mark.parametrize(
    "path",
    [
        *("programmes/draft/", "programmes/of-a-partner/", "programmes/x/", "programmes/%0A/"),
        *("x/", "codes/x/", "figures/x/", "figures/programmes/", "a/b/c/", "programmes/a/b/"),
        *("programmes/?page=2", "programmes/?page=1000000000", f"programmes/?page={'9' * 60}"),
        "%2e%2e/",
    ],
)
def test_what_there_is_not_is_a_problem_of_404(client: Client, path: str):
    ProgramFactory(code="draft", status=Status.DRAFT)
    ProgramFactory(code="of-a-partner", ours=False)

    refused(client, path, 404)


def test_every_fault_of_an_address_is_named(client: Client):
    bad = (
        "page=0&page_size=101&ordering=body&fields=code,editor_note&updated_since=now"
        "&lang=fr&kind=x&theme=%00&sort=1&q=a&q=b"
    )

    problem = refused(client, f"programmes/?{bad}", 400)

    named = {error["parameter"] for error in problem["errors"]}
    assert named == {
        *("page", "page_size", "ordering", "fields", "updated_since"),
        *("lang", "kind", "theme", "sort", "q"),
    }


@pytest.mark.parametrize(
    ("path", "ordering"),
    [
        ("participants/", "women"),
        ("participants/", "-men"),
        ("participants/", "kind"),
        ("participants/", "year"),
        ("roles/", "kind"),
        ("openings/", "closes_at"),
        ("programmes/", "title"),
    ],
)
def test_rows_are_put_in_order_by_what_they_show_alone(client: Client, path: str, ordering: str):
    """A column that leaves something out must not tell it by the order of its rows."""
    problem = refused(client, f"{path}?ordering={ordering}", 400)

    assert [error["parameter"] for error in problem["errors"]] == ["ordering"]


def test_a_column_of_another_name_than_its_field_puts_rows_in_its_order(client: Client):
    first, second = (RoleFactory(kind=kind) for kind in ("hosts", "funds"))

    rows = asked(client, "roles/?ordering=role")["results"]

    assert [row["id"] for row in rows] == [second.pk, first.pk]


def test_demonstrations_are_marked_or_left_out(client: Client):
    demonstration = ProgramFactory(code="to-show-how", is_demonstration=True)
    ArticleFactory().programs.add(demonstration, ProgramFactory(code="real"))
    ForumSessionFactory(forum__program=demonstration)

    assert asked(client, "news/")["results"][0]["program_codes"] == ["real"]
    assert asked(client, "forum-sessions/")["results"][0]["is_demonstration"] is True


def test_a_photo_is_found_by_its_key_alone(client: Client):
    program = ProgramFactory()
    PhotoFactory.create_batch(3, program=program)
    of_news = ArticlePhoto.objects.create(article=ArticleFactory(), caption_en="A picture")
    hidden_one = PhotoFactory(program__status=Status.DRAFT)

    rows = asked(client, "photos/")["results"]

    assert len(rows) == 4
    for row in rows:
        assert asked(client, f"photos/{row['id']}/") == row
    assert f"news-{of_news.pk}" in [row["id"] for row in rows]
    for key in (f"program-{hidden_one.pk}", f"program-0{program.pk}", "program-", "x-1", "news-²"):
        refused(client, f"photos/{quote(key)}/", 404)


def test_looking_for_a_photo_does_not_read_the_gallery(client: Client):
    PhotoFactory.create_batch(3)

    with CaptureQueriesContext(connection) as queries:
        refused(client, "photos/program-999999999/", 404)

    asked_for = [query["sql"] for query in queries if "photo" in query["sql"]]
    assert asked_for
    assert all("999999999" in sql for sql in asked_for)


@pytest.mark.parametrize("page", ["", "a", "-1", "1.5", "+1", "١", " 1", "\x00", "1e3", "0x1"])
def test_page_is_a_plain_number(client: Client, page: str):
    problem = refused(client, f"programmes/?page={quote(page)}", 400)

    assert [error["parameter"] for error in problem["errors"]] == ["page"]


def test_missing_text_comes_in_another_language_that_is_named(client: Client):
    ProgramFactory(title_ko="과정", title_en="", title_zh_hans="")

    row = asked(client, "programmes/?lang=en")["results"][0]
    all_of_them = asked(client, "programmes/?lang=all")["results"][0]

    assert (row["title"], row["title_language"]) == ("과정", "ko")
    assert (all_of_them["title_ko"], all_of_them["title_en"]) == ("과정", None)
    assert "title" not in all_of_them


def test_code_lists_say_what_codes_mean(client: Client):
    ThemeFactory(slug="health", name_ko="보건", name_en="Health", name_zh_hans="卫生")

    kinds = asked(client, "codes/programmes-kind/?lang=en")
    themes = asked(client, "codes/themes/?lang=all")
    goals = asked(client, "codes/sdg-goals/?lang=en")

    assert kinds["results"][0] == {"code": "training", "name": "Training", "name_language": "en"}
    assert themes["results"] == [
        {"code": "health", "name_ko": "보건", "name_en": "Health", "name_zh_hans": "卫生"}
    ]
    assert goals["count"] == 17


def test_index_names_addresses_that_answer(client: Client):
    index = asked(client, "?lang=en")

    for entry in [*index["datasets"], *index["figures"], *index["codes"]]:
        path = entry["url"].removeprefix("http://localhost:8000")
        response = client.get(path, REMOTE_ADDR=f"10.0.0.{len(path)}")
        assert response.status_code == 200, path
        if "page" in entry:
            assert entry["page"].startswith("http://localhost:8000/en/data/")
    assert {
        "programmes",
        "deployments",
        "forums",
        "news",
        "organisations",
        "cities",
        "countries",
    } <= {entry["name"] for entry in index["datasets"]}
    refused(client, "?lang=all", 400)
    refused(client, "?page=2", 400)


PATHS = ["programmes/", "news/", "cities/", "deployments/", "organisations/", "calls/"]


@pytest.mark.thorough
@pytest.mark.parametrize("path", PATHS)
def test_queries_stay_few_with_many_rows(client: Client, path: str):
    def make(n: int) -> None:
        country = CountryFactory()
        for kind in ("training", "volunteer"):
            program = ProgramFactory(kind=kind)
            program.themes.add(ThemeFactory())
            program.cities.add(city := CityFactory(country=country))
            program.countries.add(country)
            article = ArticleFactory()
            article.programs.add(program)
            article.cities.add(city)

    def count() -> int:
        client.get(API + path)  # so that what is kept for a generation is there
        with CaptureQueriesContext(connection) as queries:
            # Another address, which is not kept yet.
            assert client.get(f"{API}{path}?page=1").status_code == 200
        return sum(
            query["sql"].startswith("SELECT") and 'cache"' not in query["sql"] for query in queries
        )

    make(0)
    few = count()
    caches["pages"].clear()
    for n in range(1, 6):
        make(n)
    assert count() <= few <= 10


def test_body_is_utf8_json_without_escapes(client: Client):
    ProgramFactory(title_ko="부산 교통")

    body = client.get(f"{API}programmes/").content

    assert "부산 교통".encode() in body
    assert json.loads(body)["count"] == 1


@pytest.mark.parametrize("lang", ["ko", "all"])
def test_nothing_shows_of_what_is_not_public(client: Client, lang: str):
    rows = {
        secret(label, state): make(label, state, **fields)
        for state, fields in hidden().items()
        for label in FACTORIES
    }
    shown = make("programs.Program")
    link_up([shown, *rows.values()])

    answers = [
        client.get(f"{API}{way}?lang={lang}&page_size=100", REMOTE_ADDR=f"10.2.0.{number}")
        for number, way in enumerate(
            f"figures/{each.name}/" if each.figure else f"{each.name}/" for each in datasets()
        )
    ]
    texts = [answer.content.decode() for answer in answers]

    assert {answer.status_code for answer in answers} == {200}
    assert any(secret("programs.Program") in text for text in texts)
    assert [name for name in rows for text in texts if name in text] == []
