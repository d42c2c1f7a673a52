"""Every kind of answer, with the settings of a city's server, by the Observatory's rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from oda_portal.files import renditions
from tests.accounts.people import sign_in, verified_user
from tests.doors import sign_in_staff
from tests.factories import (
    ArticleFactory,
    OfficeFactory,
    ProgramFactory,
    StaffFactory,
)
from tests.files.test_downloads import document
from tests.files.test_renditions import photo
from tests.guards.observatory import Points, Seen, points
from tests.guards.production import HOST, SITE, put_in_force, visitor

pytestmark = pytest.mark.django_db
UNREACHABLE = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": "redis://127.0.0.1:1/0",
}
# Made to be read by pages of others: what they are for costs the ten points of CORP.
FOR_OTHERS = 120
PUBLIC, ADMIN = 130, 100


@pytest.fixture(autouse=True)
def _a_citys_server(settings, monkeypatch) -> None:
    put_in_force(settings, monkeypatch)
    OfficeFactory()


def seen(answer: HttpResponseBase, path: str = "/") -> Seen:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    body = "" if answer.streaming else answer.content.decode(errors="replace")
    return Seen(SITE + path, headers, tuple(answer.cookies.values()), body)


def score(answer: HttpResponseBase, path: str = "/") -> Points:
    return points(seen(answer, path), way=[f"http://{HOST}{path}", f"{SITE}{path}"])


# --- public ---------------------------------------------------------------------------------------

PATHS = {
    "/": 200, "/en/": 200, "/zh-hans/programs/": 200, "/news/": 200, "/search/?q=school": 200,
    "/accounts/login/": 200, "/contact/": 200, "/satisfaction/": 200, "/display/": 200,
    "/programs": 301, "/accounts/": 302, "/%00": 400, "/programs/?page=99999": 404, "/nothing/": 404,
    "/en/nothing/": 404, "/mail/nothing/": 404, "/certificates/nothing/": 404,
    "/static/nothing.css": 404, "/static/lost.svg": 200, "/media/renditions/00.jpg": 404,
    "/feeds/news.atom": 200, "/feeds/news.rss": 200, "/calendar.ics": 200, "/sitemap.xml": 200,
    "/robots.txt": 200, "/healthz": 200, "/opensearch.xml": 200, "/drawings/world.svg": 200,
    "/search/suggest/?q=school": 200, "/files/00000000-0000-0000-0000-000000000000/": 404,
}  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_public_answers_score_130(path: str):
    answer = visitor().get(path)

    assert answer.status_code == PATHS[path]
    assert score(answer, path).total >= PUBLIC, score(answer, path).parts


@pytest.mark.parametrize(
    "path", ["/programs/?format=csv", "/programs/?format=json", "/data/api/v1/", "/data/api/v1/programs/",
             "/data/iati/activities.xml", "/data/catalog.jsonld", "/data/api/v1/nothing/"],
)  # fmt: skip
def test_open_data_scores_120_since_others_may_read_it(path: str):
    answer = visitor().get(path)

    assert score(answer, path).total >= FOR_OTHERS, score(answer, path).parts


def test_the_pages_of_the_portal_score_135_with_their_cookies():
    answer = visitor().get("/accounts/login/")

    assert answer.cookies
    assert score(answer).total == 135, score(answer).parts


def test_a_page_that_is_unchanged_keeps_its_headers():
    first = visitor().get("/programs/")

    answer = visitor().get("/programs/", headers={"If-None-Match": first.headers["ETag"]})

    assert answer.status_code == 304
    assert score(answer).total >= PUBLIC


def refused_token() -> HttpResponseBase:
    return visitor(enforce_csrf_checks=True).post("/satisfaction/", {"page": "/", "score": "5"})


def wrong_method() -> HttpResponseBase:
    return visitor().delete("/certificates/")


def foreign_host() -> HttpResponseBase:
    return visitor().get("/", headers={"Host": "evil.example"})


def too_often() -> HttpResponseBase:
    client = visitor()
    return [client.post("/satisfaction/", {"page": "/", "score": "5"}) for _n in range(11)][-1]


def someone_elses_page() -> HttpResponseBase:
    client = visitor()
    client.force_login(verified_user())
    return client.get("/admin/", follow=True)


@pytest.mark.parametrize(
    ("act", "status"),
    [(refused_token, 403), (wrong_method, 405), (foreign_host, 400), (too_often, 429),
     (someone_elses_page, 403)],
)  # fmt: skip
def test_refusals_score_130(act: Callable[[], HttpResponseBase], status: int):
    answer = act()

    assert answer.status_code == status
    assert score(answer).total >= PUBLIC, score(answer).parts


@pytest.mark.parametrize(
    ("broken", "status"), [({"BACKEND": "nothing.of.this"}, 500), (UNREACHABLE, 503)]
)
def test_faults_score_130(settings, broken: dict[str, str], status: int):
    settings.CACHES = dict.fromkeys(settings.CACHES, broken)

    answer = visitor().get("/programs/")

    assert answer.status_code == status
    assert score(answer).total >= PUBLIC, score(answer).parts


def test_documents_score_130():
    report = document()

    answer = visitor().get(f"/files/{report.uuid}/")

    assert answer.status_code == 200
    assert score(answer).total >= PUBLIC, score(answer).parts


def test_a_link_that_was_used_scores_130():
    answer = visitor().get("/mail/subscriptions/nothing/nothing/")

    assert answer.status_code in (404, 410)
    assert score(answer).total >= PUBLIC, score(answer).parts


def test_a_public_picture_scores_130():
    [row] = renditions.make_renditions(photo((300, 200)), ["webp"])

    answer = visitor().get(row.file.url)

    assert answer.status_code == 200
    assert score(answer).total >= PUBLIC, score(answer).parts


def test_records_score_130():
    for row in (ProgramFactory(), ArticleFactory()):
        answer = visitor().get(row.get_absolute_url())

        assert answer.status_code == 200
        assert score(answer).total >= PUBLIC, score(answer).parts


def test_plain_http_leads_to_the_same_host_by_tls():
    answer = Client(headers={"Host": HOST}).get("/programs/?q=1")

    assert (answer.status_code, answer.url) == (301, f"{SITE}/programs/?q=1")
    assert score(answer).parts["policy"] == 10


def test_transport_security_lasts_two_years():
    said = visitor().get("/").headers["Strict-Transport-Security"]

    assert said == "max-age=63072000; includeSubDomains; preload"


def test_cookies_of_a_session_belong_to_this_host_alone():
    client = visitor()
    sign_in(client, verified_user())
    client.get("/accounts/profile/")

    assert set(client.cookies) >= {"__Host-session", "__Host-csrf"}
    for cookie in (client.cookies["__Host-session"], client.cookies["__Host-csrf"]):
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert (cookie["path"], cookie["domain"]) == ("/", "")


# --- the back office ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["index", "programs_program_changelist", "programs_program_add", "news_article_add",
     "pages_page_add", "mail_message_changelist", "accounts_user_changelist", "jsi18n", "deleted"],
)  # fmt: skip
def test_the_back_office_scores_100(name: str):
    client = visitor()
    sign_in_staff(client, StaffFactory())

    answer = client.get(reverse(f"admin:{name}"))

    assert answer.status_code == 200
    assert score(answer).total >= ADMIN, score(answer).parts
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy


def test_the_door_of_the_back_office_scores_130():
    answer = visitor().get("/admin/")

    assert answer.status_code == 302
    assert score(answer).total >= PUBLIC, score(answer).parts
