"""Every kind of page tells machines what it is, in the words that it shows."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import (
    AppearanceFactory,
    ArticleFactory,
    CallFactory,
    ForumFactory,
    ForumSessionFactory,
    NetworkMeetingFactory,
    OfficeFactory,
    OrganisationFactory,
    ProgramFactory,
    RoleFactory,
    RunFactory,
    ServiceFactory,
)

from .reading import graph_of, head_of, kinds_in, node_of, page_at, shown, words_of
from .samples import PAGES, texts

pytestmark = pytest.mark.django_db

LANGUAGES = ["", "/en", "/zh-hans"]
HTML_LANG = {"": "ko", "/en": "en", "/zh-hans": "zh-Hans"}


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_page_says_what_it_is_in_its_own_words(client: Client, name: str, prefix: str, settings):
    OfficeFactory()
    make, kind, required = PAGES[name]
    path = prefix + make()

    page = page_at(client, path)

    node = [each for each in graph_of(page) if each["@type"] == kind][-1]
    assert required <= set(node)
    address = settings.SITE_URL + path
    assert node["@id"].startswith(f"{address}#")
    assert node["url"] == address
    assert node.get("inLanguage", HTML_LANG[prefix]) == HTML_LANG[prefix]
    read = shown(page)
    for word in {*words_of(node), *texts(node)}:
        for part in word.split(": ")[-1].split(", "):
            assert part in read, part


@pytest.mark.parametrize("prefix", LANGUAGES)
def test_every_page_names_the_office_the_site_and_the_way_to_it(client: Client, prefix, settings):
    OfficeFactory(telephone="051-1", email="a@example.org")
    service = ServiceFactory()
    path = prefix + service.get_absolute_url()

    page = page_at(client, path)

    graph = graph_of(page)
    office, site = node_of(graph, "Organization"), node_of(graph, "WebSite")
    assert (office["@id"], office["telephone"]) == (f"{settings.SITE_URL}/#office", "051-1")
    assert site["publisher"] == {"@id": office["@id"]}
    target = site["potentialAction"]["target"]["urlTemplate"]
    assert target == f"{settings.SITE_URL}{prefix}/search/?q={{search_term_string}}"
    assert client.get(urlsplit(target.format(search_term_string="x")).path).status_code == 200
    steps = node_of(graph, "BreadcrumbList")["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    crumbs = shown(page.split('class="wrap crumb-line"')[1].split("</nav>")[0].join(["<body>", ""]))
    assert " ".join(step["name"] for step in steps) in crumbs
    assert [step.get("item") for step in steps] == [
        f"{settings.SITE_URL}{prefix}/",
        f"{settings.SITE_URL}{prefix}/services/",
        None,
    ]


@pytest.mark.parametrize(
    ("is_government", "office", "service"),
    [(False, "Organization", "Service"), (True, "GovernmentOrganization", "GovernmentService")],
)
def test_office_is_a_government_where_staff_said_so(client: Client, is_government, office, service):
    OfficeFactory(is_government=is_government)
    path = ServiceFactory().get_absolute_url()

    assert kinds_in(graph_of(page_at(client, path))) == [
        office, "WebSite", "BreadcrumbList", service,
    ]  # fmt: skip


def test_no_text_leaves_its_place(client: Client):
    OfficeFactory()
    title = '</script><script>alert(1)</script><!-- & \u2028 "quoted" \\'
    article = ArticleFactory(title_ko=title, summary_ko="<b>&amp;</b>")

    page = page_at(client, article.get_absolute_url())

    node = node_of(graph_of(page), "NewsArticle")
    assert (node["headline"], node["description"]) == (title, "<b>&amp;</b>")
    assert head_of(page)["og:title"] == " ".join(title.split())
    assert "<script>alert" not in page


def test_untranslated_page_says_which_language_it_is_in(client: Client, settings):
    OfficeFactory()
    article = ArticleFactory(title_en="", title_zh_hans="", title_ko="한국어만")

    page = page_at(client, f"/en{article.get_absolute_url()}")

    node = node_of(graph_of(page), "NewsArticle")
    address = settings.SITE_URL + article.get_absolute_url()
    assert (node["headline"], node["inLanguage"]) == ("한국어만", "ko")
    assert (node["@id"], node["url"]) == (f"{address}#article", address)
    assert head_of(page)["og:url"] == address


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/", "/display/", "/contact/"])
def test_pages_that_are_not_kept_say_nothing(client: Client, path: str):
    OfficeFactory()

    assert "ld+json" not in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("days", "kinds"), [((-2, 2), 1), ((-3, -1), 0), ((1, 2), 0)], ids=["open", "closed", "to come"]
)
def test_only_an_open_call_is_a_vacancy(client: Client, days, kinds):
    OfficeFactory()
    now = timezone.now()
    opens, closes = (now + timedelta(days=day) for day in days)
    call = CallFactory(opens_at=opens, closes_at=closes)

    graph = graph_of(page_at(client, call.get_absolute_url()))

    assert kinds_in(graph).count("JobPosting") == kinds


def test_times_are_those_of_korea(client: Client):
    OfficeFactory()
    at = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
    meeting = NetworkMeetingFactory(starts_at=at, ends_at=at + timedelta(hours=1))

    node = node_of(graph_of(page_at(client, meeting.get_absolute_url())), "Event")

    assert node["startDate"] == "2026-11-20T09:30:00+09:00"
    assert node["endDate"] == "2026-11-20T10:30:00+09:00"


@pytest.mark.parametrize(
    ("precision", "known"), [("day", "2019-03-01"), ("month", "2019-03"), ("year", "2019")]
)
def test_dates_are_as_exact_as_they_are_known(client: Client, precision, known):
    OfficeFactory()
    village = ProgramFactory(kind="sister_village", precision=precision)

    node = node_of(graph_of(page_at(client, village.get_absolute_url())), "Project")

    assert node["foundingDate"] == known


def test_estimated_dates_are_told_to_no_machine(client: Client):
    OfficeFactory()
    course = ProgramFactory(date_is_estimate=True)

    (once,) = node_of(graph_of(page_at(client, course.get_absolute_url())), "Course")[
        "hasCourseInstance"
    ]

    assert "startDate" not in once
    assert "endDate" not in once


def test_what_was_cancelled_is_called_off(client: Client):
    OfficeFactory()
    forum = ForumFactory(program__cancelled_at=timezone.now())
    session = ForumSessionFactory(forum=forum)

    for path in (forum.get_absolute_url(), session.get_absolute_url()):
        node = [n for n in graph_of(page_at(client, path)) if n["@type"] == "Event"][-1]
        assert node["eventStatus"] == "https://schema.org/EventCancelled"


def test_what_was_only_announced_is_not_said_to_take_place(client: Client):
    OfficeFactory()
    forum = ForumFactory(program__announced_only=True)

    node = node_of(graph_of(page_at(client, forum.get_absolute_url())), "Event")

    assert "eventStatus" not in node


def test_organisation_that_is_not_public_is_not_named(client: Client):
    OfficeFactory()
    role = RoleFactory(
        program=ProgramFactory(), organisation=OrganisationFactory(status="draft", name_ko="비밀")
    )

    page = page_at(client, role.program.get_absolute_url())

    assert node_of(graph_of(page), "Course")["provider"]["@id"].endswith("/#office")
    assert "비밀" not in page


def test_partners_own_work_is_not_the_offices(client: Client):
    OfficeFactory()
    course = ProgramFactory(ours=False)
    article = ArticleFactory(ours=False)

    of_course = node_of(graph_of(page_at(client, course.get_absolute_url())), "Course")
    of_article = node_of(graph_of(page_at(client, article.get_absolute_url())), "NewsArticle")

    assert "provider" not in of_course
    assert "author" not in of_article


@pytest.mark.parametrize(
    ("precision", "known"),
    [("time", "2020-05-29T09:00:00+09:00"), ("day", "2020-05-29"), ("month", "2020-05")],
)
def test_article_was_published_when_it_says(client: Client, precision, known):
    OfficeFactory()
    article = ArticleFactory(
        registered_at=datetime(2020, 5, 29, tzinfo=UTC), registered_precision=precision,
        revised_at=datetime(2020, 5, 30, tzinfo=UTC),
    )  # fmt: skip

    node = node_of(graph_of(page_at(client, article.get_absolute_url())), "NewsArticle")

    assert node["datePublished"] == known
    assert node["dateModified"] == "2020-05-30T09:00:00+09:00"


def test_long_headline_is_cut(client: Client):
    OfficeFactory()
    article = ArticleFactory(title_ko="가" * 200)

    node = node_of(graph_of(page_at(client, article.get_absolute_url())), "NewsArticle")

    assert node["headline"] == "가" * 109 + "…"


def a_full_forum(sessions: int):  # type: ignore[no-untyped-def]
    forum = ForumFactory(program__starts_on=date(2026, 12, 1), program__ends_on=date(2026, 12, 2))
    for number in range(sessions):
        starts = datetime(2026, 12, 1, number % 9, tzinfo=UTC)
        AppearanceFactory(session__forum=forum, session__starts_at=starts)
        RoleFactory(program=forum.program, kind="takes_part")
    return forum


def event_at(client: Client, path: str) -> dict:
    return [each for each in graph_of(page_at(client, path)) if each["@type"] == "Event"][-1]


def test_forum_tells_of_the_sessions_that_its_page_names(client: Client, uncached_queries):
    OfficeFactory()
    small, full, large = (a_full_forum(n).get_absolute_url() for n in (2, 12, 30))

    assert len(event_at(client, full)["subEvent"]) == 12
    assert "subEvent" not in event_at(client, large)
    assert len(event_at(client, large)["performer"]) == 12
    for path in (full, large):
        assert len(gzip.compress(page_at(client, path).encode())) < 15_000
    assert uncached_queries(client, full) == uncached_queries(client, small)


def test_page_asks_nothing_more_for_what_it_tells_machines(client: Client, uncached_queries):
    OfficeFactory()
    few, many = ProgramFactory(), ProgramFactory()
    for program, number in ((few, 1), (many, 10)):
        for turn in range(number):
            RoleFactory(program=program)
            RunFactory(program=program, number=turn + 1)

    found = uncached_queries(client, many.get_absolute_url())

    assert found == uncached_queries(client, few.get_absolute_url())
