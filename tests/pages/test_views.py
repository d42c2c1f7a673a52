"""The office's own pages, and the small pages for readers."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from oda_portal.pages.models import PageVersion, SatisfactionAnswer
from oda_portal.publishing.models import Status
from tests.factories import (
    OfficeFactory,
    PageFactory,
    ProgramFactory,
    ServiceFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db


def test_service_detail_leads_into_its_list(client: Client):
    OfficeFactory()
    service = ServiceFactory(list_query="kind=volunteer")

    page = client.get(f"/en{service.get_absolute_url()}").content.decode()

    assert 'href="/en/programs/?kind=volunteer"' in page


def test_page_detail_lists_earlier_versions_and_shows_them(client: Client):
    OfficeFactory()
    page = PageFactory(slug="privacy", effective_on=date(2026, 11, 22))
    PageVersion.objects.create(
        page=page, effective_on=date(2026, 1, 1), body_ko="<p>예전 방침</p>", body_en="<p>Old</p>"
    )

    now = client.get("/en/about/privacy/").content.decode()
    then = client.get("/en/about/privacy/2026-01-01/").content.decode()

    assert "/en/about/privacy/2026-01-01/" in now
    assert "Old" not in now
    assert "Old" in then
    assert "This text is no longer in force." in then


@pytest.mark.parametrize("day", ["2026-02-31", "2026-01-02"])
def test_page_version_that_never_was_is_404(client: Client, day: str):
    OfficeFactory()
    PageFactory(slug="privacy")

    assert client.get(f"/about/privacy/{day}/").status_code == 404


def test_page_body_is_clean_in_the_database_and_on_the_page(client: Client):
    OfficeFactory()
    hostile = '<p onclick="x()">글<script>alert(1)</script><a href="javascript:alert(1)">l</a></p>'
    page = PageFactory(body_ko=hostile)
    page.refresh_from_db()
    assert "script" not in page.body_ko
    assert "onclick" not in page.body_ko

    type(page).objects.filter(pk=page.pk).update(body_ko=hostile)  # past the field

    shown = client.get(page.get_absolute_url()).content.decode()
    assert "alert(1)" not in shown


def test_source_list_links_the_sources_of_what_is_public(client: Client):
    OfficeFactory()
    shown, of_a_draft = SourceFactory(), SourceFactory()
    ProgramFactory().sources.add(shown)
    ProgramFactory(status="draft").sources.add(of_a_draft)

    page = client.get("/about/sources/").content.decode()

    assert shown.url in page
    assert of_a_draft.url not in page


@pytest.mark.parametrize("contrast", ["standard", "high"])
@pytest.mark.parametrize("letters", ["90", "100", "110", "130", "150"])
def test_display_keeps_each_of_the_ten_values(client: Client, letters: str, contrast: str):
    OfficeFactory()

    answer = client.post(
        "/en/display/", {"letters": letters, "contrast": contrast, "next": "/en/programs/"}
    )

    assert answer.url == "/en/programs/"
    assert client.cookies["display"].value == f"{letters}.{contrast}"
    page = client.get("/en/programs/").content.decode()
    assert (f'data-letters="{letters}"' in page) == (letters != "100")
    assert ('data-contrast="high"' in page) == (contrast == "high")


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil", "\x00"]
)
def test_display_leads_back_to_this_site_only(client: Client, back: str):
    OfficeFactory()

    answer = client.post("/display/", {"letters": "130", "contrast": "high", "next": back})

    assert answer.url == "/"


@pytest.mark.parametrize("cookie", ["999.high", "130.neon", "130", "", '130.high"><script>'])
def test_display_cookie_of_another_shape_is_none(client: Client, cookie: str):
    OfficeFactory()
    client.cookies["display"] = cookie

    page = client.get("/programs/").content.decode()

    assert "data-letters" not in page
    assert "<script>" not in page


def test_satisfaction_stores_the_answer_and_nothing_of_the_person(client: Client):
    OfficeFactory()

    answer = client.post(
        "/en/satisfaction/", {"page": "/en/programs/", "score": "4", "comment": "Clear."}
    )

    assert answer.status_code == 200
    stored = SatisfactionAnswer.objects.values("page", "language", "score", "comment").get()
    assert stored == {
        "page": "/en/programs/",
        "language": "en",
        "score": 4,
        "comment": "Clear.",
    }


@pytest.mark.parametrize(
    ("prefix", "titles"),
    [
        ("", {"{program}": "항만 연수", "{page}": "소개", "/": "홈", "/partners/cities/": "협력 도시"}),
        (
            "/en",
            {"{program}": "Port course", "{page}": "About", "/": "Home",
             "/partners/cities/": "Partner cities"},
        ),
        (
            "/zh-hans",
            {"{program}": '<span lang="en">Port course</span>', "{page}": "介绍", "/": "首页",
             "/partners/cities/": "伙伴城市"},
        ),
    ],
)  # fmt: skip
def test_satisfaction_names_the_page_by_its_title(
    client: Client, prefix: str, titles: dict[str, str]
):
    OfficeFactory()
    program = ProgramFactory(
        code="p-1", title_ko="항만 연수", title_en="Port course", title_zh_hans=""
    )
    PageFactory(slug="office", title_ko="소개", title_en="About", title_zh_hans="介绍")
    places = {"program": f"/programs/{program.code}/", "page": "/about/office/"}

    for place, title in titles.items():
        address = prefix + place.format(**places)
        page = client.get(f"{prefix}/satisfaction/", {"page": address})
        assert f'<a href="{address}">{title}</a>' in page.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/programs/p-1/",
        "/about/not-there/",
        "/nowhere/",
        "/about/sources/",
        "/programs/p-1/map.svg",
    ],
)
def test_satisfaction_keeps_the_address_of_what_has_no_public_title(client: Client, address: str):
    OfficeFactory()
    ProgramFactory(code="p-1", title_ko="아직 초안", status=Status.DRAFT)

    page = client.get("/satisfaction/", {"page": address}).content.decode()

    assert f'<a href="{address}">{address}</a>' in page
    assert "아직 초안" not in page


@pytest.mark.parametrize("score", ["", "0", "6", "x"])
def test_satisfaction_without_an_answer_keeps_the_comment(client: Client, score: str):
    OfficeFactory()

    page = client.post("/satisfaction/", {"page": "/", "score": score, "comment": "글을 남깁니다"})

    assert not SatisfactionAnswer.objects.exists()
    assert "글을 남깁니다" in page.content.decode()


def test_satisfaction_refuses_the_eleventh_answer_of_ten_minutes(client: Client):
    OfficeFactory()
    sent = {"page": "/", "score": "5"}

    codes = [client.post("/satisfaction/", sent).status_code for _number in range(11)]

    assert codes == [200] * 10 + [429]
    assert SatisfactionAnswer.objects.count() == 10


def test_satisfaction_cannot_be_evaded_by_a_forged_header(client: Client):
    OfficeFactory()
    cache.clear()
    sent = {"page": "/", "score": "5"}

    codes = [
        client.post("/satisfaction/", sent, headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code
        for n in range(11)
    ]

    assert codes[-1] == 429


def test_satisfaction_counts_a_whole_ipv6_network_as_one(client: Client):
    OfficeFactory()
    sent = {"page": "/", "score": "5"}

    codes = [
        client.post("/satisfaction/", sent, REMOTE_ADDR=f"2001:db8:1:2::{n:x}").status_code
        for n in range(11)
    ]

    assert codes == [200] * 10 + [429]


def test_satisfaction_about_an_address_with_a_nul_is_about_home(client: Client):
    OfficeFactory()

    client.post("/satisfaction/", {"page": "/a\x00b", "score": "5"})

    assert SatisfactionAnswer.objects.get().page == "/"


def test_satisfaction_needs_a_token(client: Client):
    OfficeFactory()
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/satisfaction/", {"page": "/", "score": "5"}).status_code == 403
    assert not SatisfactionAnswer.objects.exists()
