"""What every address of the API does alike: languages, keeping, methods, forms, limits, CORS."""

from __future__ import annotations

import gzip

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oda_portal.opendata.api.doors import LIMIT
from oda_portal.publishing.models import publish_update
from programs.models import Program
from tests.factories import ProgramFactory, UserFactory

pytestmark = pytest.mark.django_db

API = "/data/api/v1/"
LANGUAGES = [("ko", "사업0"), ("en", "Programme 0"), ("zh-Hans", "项目0")]


def test_nul_in_the_path_is_a_problem_too(client: Client):
    response = client.get(f"{API}programmes/%00/")

    assert (response.status_code, response.json()["status"]) == (400, 400)
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("lang", "title"), LANGUAGES)
def test_lang_decides_before_the_header(client: Client, lang: str, title: str):
    ProgramFactory(title_ko="사업0", title_en="Programme 0", title_zh_hans="项目0")

    response = client.get(
        f"{API}programmes/?lang={lang}", headers={"Accept-Language": "en" if lang != "en" else "ko"}
    )

    assert response.headers["Content-Language"] == lang
    assert response.headers["Vary"] == "Accept, Accept-Encoding"
    row = response.json()["results"][0]
    assert (row["title"], row["title_language"]) == (title, lang)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en-GB,ko;q=0.5", "en"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hans-CN, en;q=0.8", "zh-Hans"),
        ("fr, de;q=0.9, en;q=0.1", "en"),
        ("en;q=0, zh;q=0.5", "zh-Hans"),
        ("fr", "ko"),
        ("*", "ko"),
        ("", "ko"),
        ("q=;;,", "ko"),
    ],
)
def test_accept_language_decides_where_lang_says_nothing(
    client: Client, header: str, language: str
):
    ProgramFactory()

    response = client.get(f"{API}programmes/", headers={"Accept-Language": header})

    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]


def test_two_languages_are_kept_apart(client: Client):
    ProgramFactory()

    first = client.get(f"{API}programmes/", headers={"Accept-Language": "en"})
    second = client.get(f"{API}programmes/", headers={"Accept-Language": "ko"})

    assert first.json() != second.json()
    assert first.headers["ETag"] != second.headers["ETag"]


def test_same_answer_again_asks_nothing_and_then_304(client: Client):
    ProgramFactory()
    first = client.get(f"{API}programmes/?lang=en")

    with CaptureQueriesContext(connection) as queries:
        again = client.get(f"{API}programmes/?lang=en")
    asks = [query["sql"] for query in queries if 'cache"' not in query["sql"]]
    asks = [sql for sql in asks if sql.startswith(("SELECT", "UPDATE", "INSERT"))]
    unchanged = client.get(f"{API}programmes/?lang=en", headers={"If-None-Match": first["ETag"]})

    assert again.content == first.content
    assert asks == []
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["ETag"] == first.headers["ETag"]
    assert unchanged.headers["Access-Control-Allow-Origin"] == "*"


def test_change_is_seen_at_once(client: Client, django_capture_on_commit_callbacks):
    ProgramFactory(code="course", summary_ko="전")
    before = client.get(f"{API}programmes/course/")

    with django_capture_on_commit_callbacks(execute=True):
        publish_update(Program.objects.filter(code="course"), summary_ko="후")
    after = client.get(f"{API}programmes/course/", headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    assert after.json()["summary"] == "후"


def test_answer_is_packed_for_who_takes_it(client: Client):
    ProgramFactory()

    plain = client.get(f"{API}programmes/")
    packed = client.get(f"{API}programmes/", headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content


def test_other_sites_may_read_and_ask_before(client: Client):
    ProgramFactory()

    answer = client.get(f"{API}programmes/", headers={"Origin": "https://example.org"})
    before = client.options(f"{API}programmes/", headers={"Origin": "https://example.org"})

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert before.status_code == 204
    assert before.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in before.headers["Access-Control-Allow-Headers"]


def test_cookies_are_neither_read_nor_set(client: Client):
    ProgramFactory()
    stranger = Client().get(f"{API}programmes/")
    client.force_login(UserFactory())

    response = client.get(f"{API}programmes/")

    assert response.content == stranger.content
    assert not response.cookies
    assert response.headers["Vary"] == "Accept, Accept-Encoding, Accept-Language"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_data_can_be_read_only(method: str):
    response = getattr(Client(enforce_csrf_checks=True), method)(f"{API}programmes/")

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert response.headers["Content-Type"] == "application/problem+json"


def test_head_is_answered_as_get_without_the_data(client: Client):
    ProgramFactory()

    response = client.head(f"{API}programmes/")

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["ETag"] == client.get(f"{API}programmes/").headers["ETag"]


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("text/html", 406),
        ("application/xml, text/csv;q=0.5", 406),
        ("application/json;q=0", 406),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 200),
        ("application/*", 200),
        ("application/problem+json", 200),
    ],
)
def test_other_forms_than_json_are_not_given(client: Client, accept: str, status: int):
    response = client.get(f"{API}programmes/", headers={"Accept": accept})

    assert response.status_code == status


def test_too_many_requests_are_told_to_wait(client: Client):
    ProgramFactory()
    for _n in range(LIMIT):
        assert client.get(f"{API}programmes/?lang=en").status_code == 200

    response = client.get(f"{API}programmes/?lang=en")
    other = client.get(f"{API}programmes/?lang=en", REMOTE_ADDR="192.0.2.7")

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "60"
    assert response.json()["status"] == 429
    assert other.status_code == 200
    assert client.options(f"{API}programmes/").status_code == 204


def test_missing_slash_is_added_with_the_query(client: Client):
    response = client.get(f"{API}programmes?lang=en")

    assert (response.status_code, response["Location"]) == (301, f"{API}programmes/?lang=en")
