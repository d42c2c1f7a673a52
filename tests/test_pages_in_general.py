"""What holds for every public page: languages, caching, headers, errors."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from oda_portal.home import Figures
from oda_portal.languages import HTML_LANG
from oda_portal.publishing.freshness import raise_generation
from tests.factories import (
    ArticleFactory,
    CallFactory,
    CityFactory,
    OfficeFactory,
    OpeningFactory,
    OrganisationFactory,
    PageFactory,
    ParticipantGroupFactory,
    ProgramFactory,
    RunFactory,
    ServiceFactory,
)

pytestmark = pytest.mark.django_db
UNREACHABLE = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": "redis://127.0.0.1:1/0",
}
LANGUAGES = [("", "ko"), ("/en", "en"), ("/zh-hans", "zh-Hans")]


# Addresses without a key that are no public pages.
NOT_PUBLIC = {"display", "satisfaction", "application_list", "contact"}


def public_paths() -> list[str]:
    """Every public address without a key, by the resolver, and one of each kind of record."""
    OfficeFactory()
    rows = [
        *(ProgramFactory(), CityFactory(), OrganisationFactory(), ServiceFactory()),
        *(PageFactory(), OpeningFactory().call),
    ]
    spaces = {"": get_resolver()} | {
        f"{name}:": get_resolver(f"{module}.urls")
        for name, module in (
            ("pages", "oda_portal.pages"),
            ("programs", "programs"),
            ("partners", "partners"),
            ("volunteers", "volunteers"),
        )
    }
    fixed = [reverse("home")]
    for space, resolver in spaces.items():
        for entry in resolver.url_patterns if space else ():
            if not entry.pattern.regex.groups and entry.name not in NOT_PUBLIC:
                fixed.append(reverse(space + entry.name))
    return [*fixed, *(row.get_absolute_url() for row in rows)]


class Head(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang, self.links, self.title, self._in_title = "", [], "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.lang = values["lang"] or "" if tag == "html" else self.lang
        self._in_title = tag == "title"
        if tag == "link":
            self.links.append(values)

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False


@pytest.mark.parametrize(("prefix", "lang"), LANGUAGES)
def test_public_pages_say_their_language_title_and_siblings(client: Client, prefix: str, lang: str):
    titles = []
    for path in public_paths():
        response = client.get(prefix + path)
        assert response.status_code == 200, path
        head = Head(response.content.decode())
        titles.append(head.title)
        alternates = {link["hreflang"]: link["href"] for link in head.links if link.get("hreflang")}
        base = "http://localhost:8000"
        assert head.lang == response.headers["Content-Language"] == lang
        assert alternates == {
            "ko": base + path,
            "en": f"{base}/en{path}",
            "zh-Hans": f"{base}/zh-hans{path}",
            "x-default": base + path,
        }
        canonical = [link["href"] for link in head.links if link["rel"] == "canonical"]
        assert canonical == [base + prefix + path]
    assert len(set(titles)) == len(titles)


def test_public_pages_set_no_cookie_and_vary_on_none(client: Client):
    for path in public_paths():
        response = client.get(path, headers={"Accept-Language": "zh-CN,en;q=0.5"})

        assert not response.cookies, path
        assert response.headers["Vary"] == "Accept-Encoding", path
        assert '<html lang="ko"' in response.content.decode(), path


def test_public_pages_carry_the_strict_policy(client: Client):
    for path in public_paths():
        policy = client.get(path).headers["Content-Security-Policy"]
        parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))

        assert parts["default-src"] == "'none'"
        assert parts["script-src"] == parts["style-src"] == "'self'"
        assert "unsafe" not in policy


def test_public_pages_hold_nothing_inline(client: Client):
    # Data is no script to a browser: tests/browser/test_structured.py.
    script = r'<script(?! type="application/ld\+json">)(?![^>]*\ssrc=)'
    inline = re.compile(rf"<style|\sstyle=|\son\w+=|{script}|csrfmiddlewaretoken")
    for path in public_paths():
        assert not inline.search(client.get(path).content.decode()), path


def test_language_switch_keeps_page_query_and_filters(client: Client):
    OfficeFactory()
    ProgramFactory()

    page = client.get("/en/programs/?kind=training&q=Programme").content.decode()

    assert 'href="/zh-hans/programs/?kind=training&amp;q=Programme"' in page
    assert 'href="/programs/?kind=training&amp;q=Programme"' in page


def test_page_is_kept_until_something_public_changes(
    client: Client, django_capture_on_commit_callbacks
):
    OfficeFactory()
    program = ProgramFactory()
    first = client.get("/programs/").content.decode()
    type(program).objects.filter(pk=program.pk).update(title_ko="몰래 바꾼 제목")
    assert client.get("/programs/").content.decode() == first

    with django_capture_on_commit_callbacks(execute=True):
        program.title_ko = "새 제목"
        program.save()

    assert "새 제목" in client.get("/programs/").content.decode()


def test_kept_page_asks_nothing_of_the_database(client: Client):
    """In production, where the cache is Redis; the embedded site's cache is a table of its own."""
    for path in public_paths():
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200

        assert [query["sql"] for query in queries if 'cache"' not in query["sql"]] == [], path


def test_page_comes_back_as_304_when_nothing_changed(client: Client):
    OfficeFactory()
    first = client.get("/programs/")

    again = client.get("/programs/", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert again.content == b""


def test_page_is_packed_for_who_can_unpack(client: Client):
    OfficeFactory()
    plain = client.get("/programs/")
    packed = client.get("/programs/", headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize(("prefix", "language"), [("", "ko"), ("/zh-hans", "zh-Hans")])
def test_kept_page_says_its_language_and_length(
    client: Client, prefix: str, language: str, encoding: str
):
    OfficeFactory()
    for _made_then_kept in range(2):
        page = client.get(f"{prefix}/programs/", headers={"Accept-Encoding": encoding})

        assert page.headers["Content-Language"] == language
        assert page.headers["Content-Length"] == str(len(page.content))
        assert page.headers["X-Frame-Options"] == "DENY"


def test_page_in_other_letters_is_another_page(client: Client):
    OfficeFactory()
    plain = client.get("/programs/")
    client.cookies["display"] = "150.high"

    large = client.get("/programs/")

    assert large.headers["ETag"] != plain.headers["ETag"]


def test_page_for_who_has_a_session_is_kept_apart_and_shared_with_nobody(client: Client, settings):
    OfficeFactory()
    assert "/accounts/login/" in client.get("/programs/").text
    reader = Client()
    reader.cookies[settings.SESSION_COOKIE_NAME] = "anything"
    reader.get("/programs/")

    with CaptureQueriesContext(connection) as queries:
        page = reader.get("/programs/")

    assert [query["sql"] for query in queries if 'cache"' not in query["sql"]] == []
    assert "/accounts/login/" not in page.text
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert page.headers["X-Accel-Expires"] == "0"
    assert "/accounts/login/" in client.get("/programs/").text


def test_nginx_keeps_a_page_for_four_seconds_and_never_past_a_change_by_the_clock(client: Client):
    """Its clock has whole seconds: what it may keep for four it gives for nearly five."""
    OfficeFactory()
    with time_machine.travel(datetime(2026, 5, 4, 12, tzinfo=UTC), tick=False):
        usual = client.get("/programs/")
        ArticleFactory(publish_at=timezone.now() + timedelta(seconds=3.5))
        raise_generation()
        soon = client.get("/programs/")

    assert usual.headers["X-Accel-Expires"] == "4"
    assert soon.headers["X-Accel-Expires"] == "2"


def test_sitemap_lists_every_public_page_in_three_languages(client: Client):
    paths = public_paths()

    text = client.get("/sitemap.xml").content.decode()

    for path in paths:
        for prefix in ("", "/en", "/zh-hans"):
            assert f"<loc>http://localhost:8000{prefix}{path}</loc>" in text
    assert text.count('hreflang="zh-Hans"') == text.count('hreflang="x-default"') > len(paths)


def test_robots_keeps_machines_out_of_forms_in_every_language(client: Client):
    text = client.get("/robots.txt").content.decode()

    assert "Disallow: /zh-hans/satisfaction/" in text
    assert "Sitemap: http://localhost:8000/sitemap.xml" in text


@pytest.mark.parametrize(("prefix", "lang"), LANGUAGES)
@pytest.mark.parametrize("path", ["/nothing/", "/programs/nothing/", "/partners/cities/nothing/"])
def test_unknown_address_is_a_clear_page(client: Client, prefix: str, lang: str, path: str):
    OfficeFactory()

    response = client.get(prefix + path)

    assert response.status_code == 404
    head = Head(response.content.decode())
    assert head.lang == lang
    assert 'name="robots" content="noindex"' in response.content.decode()


@pytest.mark.parametrize(("prefix", "lang"), LANGUAGES)
def test_fault_is_a_page_of_its_own(client: Client, prefix: str, lang: str, settings):
    OfficeFactory()
    settings.CACHES = {name: {"BACKEND": "nothing.of.this.Name"} for name in settings.CACHES}
    client.raise_request_exception = False

    response = client.get(f"{prefix}/programs/")

    assert response.status_code == 500
    assert Head(response.content.decode()).lang == lang


@pytest.mark.parametrize(("prefix", "lang"), LANGUAGES)
def test_service_that_is_away_is_said_to_come_back(prefix: str, lang: str, settings, rf):
    settings.CACHES = dict.fromkeys(settings.CACHES, UNREACHABLE)
    client = Client(raise_request_exception=False)

    response = client.get(f"{prefix}/programs/")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "120"
    assert Head(response.content.decode()).lang == lang
    assert may_have_its_stylesheet(response)


def test_readyz_names_what_does_not_answer(client: Client, settings):
    assert client.get("/readyz").json() == {"database": "ok", "cache": "ok", "mail": "ok"}
    settings.CACHES = dict.fromkeys(settings.CACHES, UNREACHABLE)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"database": "ok", "cache": "failed", "mail": "ok"}


def test_host_of_another_site_is_refused_even_for_a_kept_page(client: Client):
    OfficeFactory()
    client.get("/programs/")

    response = client.get("/programs/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert may_have_its_stylesheet(response)


def may_have_its_stylesheet(response: HttpResponseBase) -> bool:
    return "style-src 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.thorough
def test_home_asks_the_database_as_often_for_50_rows_as_for_1(client: Client, uncached_queries):
    OfficeFactory()
    public_paths()
    one = uncached_queries(client, "/")
    for _number in range(49):
        program = ProgramFactory(kind="volunteer")
        program.cities.add(CityFactory())
        ServiceFactory()
        CallFactory()

    assert uncached_queries(client, "/") == one <= 10


@override_settings(DEMO=True)
def test_demonstration_says_so_in_each_language(client: Client):
    OfficeFactory()

    for prefix, lang in LANGUAGES:
        page = client.get(f"{prefix}/programs/").content.decode()
        assert "/about/sources/" in page, lang


def test_html_lang_covers_every_language(settings):
    assert set(HTML_LANG) == {code for code, _name in settings.LANGUAGES}


def test_home_counts_what_is_recorded(client: Client):
    OfficeFactory()
    city = CityFactory()
    CityFactory(relation="friendship")
    deployment = ProgramFactory(kind="volunteer")
    deployment.cities.add(city)
    for total in (15, 29, None):
        ParticipantGroupFactory(run=RunFactory(program=ProgramFactory()), total=total)
    ParticipantGroupFactory(run=RunFactory(program=ProgramFactory(ours=False)), total=1000)

    context = client.get("/").context

    assert context["home"]["figures"] == Figures(
        sister_cities=1, friendship_cities=1, deployments=1, courses=2, trained=44
    )
    assert context["home"]["worked_in"] == [city]


@time_machine.travel("2026-11-22")
def test_home_lists_what_is_under_way_and_planned(client: Client):
    OfficeFactory()
    ProgramFactory()
    running = ProgramFactory(starts_on=date(2024, 1, 1), ends_on=date(2026, 12, 31))
    planned = ProgramFactory(starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 1))
    ProgramFactory(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), announced_only=True)
    ProgramFactory(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), ours=False)

    assert client.get("/").context["home"]["running"] == [planned, running]


def test_page_of_a_programme_stands_without_the_file_of_a_document(client: Client):
    OfficeFactory()
    program = ProgramFactory()
    program.documents.create(title_ko="보고서", file="document/gone.pdf")

    assert "보고서" in client.get(program.get_absolute_url()).content.decode()


def test_sitemap_leaves_the_home_city_out(client: Client):
    home = CityFactory(relation="home")

    assert home.slug not in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize("path", ["/programs/%00/", "/en/%00", "/zh-hans/accounts/login/?next=%00"])
def test_nul_in_an_address_is_a_clear_page_that_does_not_echo_it(client: Client, path: str):
    OfficeFactory()

    response = client.get(path)

    assert response.status_code == 400
    assert b"\x00" not in response.content


def test_page_with_an_endless_query_is_not_kept(client: Client):
    OfficeFactory()

    response = client.get("/programs/?x=" + "y" * 400)

    assert response.status_code == 200
    assert "ETag" not in response.headers


def test_sitemap_is_kept_like_a_page(client: Client):
    OfficeFactory()

    assert "ETag" in client.get("/sitemap.xml").headers
