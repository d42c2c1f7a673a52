"""The archive of editions: the years with their themes, and the page of each edition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from lxml import html

from forums.models import Forum
from oda_portal.publishing.changes import timed_columns
from oda_portal.publishing.tasks import settle
from oda_portal.search.queries import search
from tests.factories import (
    AppearanceFactory,
    ForumFactory,
    ForumSessionFactory,
    MaterialFactory,
    OrganisationFactory,
    ProgramFactory,
    RoleFactory,
    SeriesFactory,
    SourceFactory,
    SpeakerFactory,
    StaffFactory,
    ThemeFactory,
)
from tests.forums.editions import a_session, an_edition, at, read, words

pytestmark = pytest.mark.django_db

PREFIXES = ["", "/en", "/zh-hans"]


def held_in(year: int, **values: object) -> Forum:
    on = date(year, 11, 24)
    program = ProgramFactory(kind="forum", modality="", starts_on=on, ends_on=on)
    return ForumFactory(program=program, **values)


def titles(page: html.HtmlElement) -> list[str]:
    return [words(link) for link in page.xpath(".//li[@class='edition']/h4/a")]


def addresses(page: html.HtmlElement, way: str) -> list[str]:
    return page.xpath(f"{way}/@href")


def test_forum_list_tells_the_editions_year_by_year(client: Client):
    old, new = held_in(2015, theme_en="Ways to join in"), held_in(2022)
    second = held_in(2022, kind="meet_up")

    page = read(client, "/en/forums/")

    rows = page.xpath("//section[@class='year']")
    years = [(words(row.find("h3")), titles(row)) for row in rows]
    of_2022 = [second.program.title_en, new.program.title_en]
    assert years == [("2022", of_2022), ("2015", [old.program.title_en])]
    assert "Ways to join in" in words(page)
    assert "Meet-up" in words(rows[0].xpath(".//li")[0])
    assert "Meet-up" not in words(rows[0].xpath(".//li")[1])


@pytest.mark.parametrize("prefix", PREFIXES)
def test_forum_list_and_page_stand_in_three_languages(client: Client, prefix: str):
    forum = held_in(2022)
    column = {"": "ko", "/en": "en", "/zh-hans": "zh_hans"}[prefix]

    for address in (f"{prefix}/forums/", f"{prefix}/forums/{forum.slug}/"):
        shown = words(read(client, address))
        assert getattr(forum.program, f"title_{column}") in shown
        assert getattr(forum, f"theme_{column}") in shown
        assert getattr(forum.series, f"name_{column}") in shown


def test_forum_list_shows_only_what_is_public(client: Client):
    shown, draft = held_in(2022), held_in(2023)
    draft.program.withdraw(by=None)

    assert titles(read(client, "/en/forums/")) == [shown.program.title_en]
    assert client.get(f"/en/forums/{draft.slug}/").status_code == 404
    assert client.get("/en/forums/no-such-forum/").status_code == 404


def test_forum_list_is_filtered_by_series_year_kind_theme_and_words(client: Client):
    ours, water = SeriesFactory(slug="ours"), ThemeFactory(slug="water")
    first = held_in(2015, series=ours, theme_en="Fishery and harbours")
    second = held_in(2022, kind="meet_up")
    second.program.themes.add(water)
    AppearanceFactory(
        session=ForumSessionFactory(forum=second), speaker=SpeakerFactory(name_ko="김바다")
    )

    def found(query: str) -> list[str]:
        return titles(read(client, f"/en/forums/?{query}"))

    assert found("series=ours") == found("year=2015") == [first.program.title_en]
    assert found("q=harbours") == found("kind=forum") == [first.program.title_en]
    assert found("theme=water") == found("kind=meet_up") == [second.program.title_en]
    assert found("q=김바다") == [second.program.title_en]
    assert found("year=2015&kind=meet_up") == []


def test_forum_list_names_a_filter_that_it_does_not_know(client: Client):
    held_in(2022)

    page = read(client, "/en/forums/?year=1850")

    assert len(titles(page)) == 1
    assert "Year" in words(page.xpath("//div[contains(@class, 'note ')]")[0])
    assert client.get("/en/forums/?page=9").status_code == 404


def test_forum_detail_shows_what_belongs_to_the_edition(client: Client):
    forum = held_in(2022, edition_label_en="7th")
    forum.program.sources.add(SourceFactory(what="A newspaper of that day"))
    host = RoleFactory(program=forum.program, kind="hosts").organisation
    hidden = RoleFactory(program=forum.program, organisation=OrganisationFactory(status="draft"))
    session = ForumSessionFactory(forum=forum, title_en="Ports of the future")
    AppearanceFactory(
        session=session, speaker=SpeakerFactory(name_en="Kim Bada", post_en="Harbour master")
    )
    MaterialFactory(forum=forum, title_en="Opening talk", url="https://example.org/talk")

    page = read(client, f"/en/forums/{forum.slug}/")
    shown = words(page)

    for text in ("7th", "24 November 2022", "A newspaper of that day", host.name_en):
        assert text in shown
    for text in ("Ports of the future", "Kim Bada", "Harbour master", "Opening talk"):
        assert text in shown
    assert hidden.organisation.name_en not in shown
    day = timezone.localdate(session.starts_at).isoformat()
    assert f"/en/forums/{forum.slug}/programme/?day={day}" in addresses(page, "//h3/a")
    assert "https://example.org/talk" in addresses(page, "//a[@rel='noopener']")


@pytest.mark.parametrize(
    ("values", "is_there"),
    [
        ({}, True),
        ({"precision": "month"}, False),
        ({"starts_on": date(2022, 11, 24), "ends_on": None}, False),
    ],
)
def test_forum_detail_of_what_is_to_come_leads_to_its_calendar(
    client: Client, values: dict, is_there: bool
):
    forum = an_edition(**{"starts_on": date(2090, 12, 3), "ends_on": date(2090, 12, 4), **values})

    page = read(client, f"/en/forums/{forum.slug}/")

    assert (f"/en/forums/{forum.slug}/programme.ics" in addresses(page, "//aside//a")) is is_there


def test_forum_list_draws_a_cover_for_each_edition(client: Client):
    held_in(2022)
    held_in(2019)

    assert len(read(client, "/en/forums/").xpath("//li[@class='edition']//*[name()='svg']")) == 2


def test_forum_detail_names_the_sessions_of_a_short_programme(client: Client):
    forum = an_edition()
    for number in range(3):
        a_session(forum, at(9 + number), at(10 + number), f"Talk {number}")
    a_session(forum, at(15), at(16), "Lunch", kind="break")

    shown = words(read(client, "/en/forums/busan/"))

    assert "20 November 2026 3 sessions" in shown
    assert "Talk 2" in shown
    assert "Lunch" not in shown


def test_forum_detail_counts_the_sessions_of_a_long_programme(client: Client):
    forum = an_edition()
    a_session(forum, at(9), at(10))
    for number in range(12):
        a_session(forum, at(9, day=21), at(10, day=21), f"Parallel {number}")

    shown = words(read(client, "/en/forums/busan/"))

    assert "20 November 2026 1 session" in shown
    assert "21 November 2026 12 sessions" in shown
    assert "Parallel" not in shown


def test_forum_detail_leads_to_the_editions_before_and_after_it_in_the_series(client: Client):
    ours = SeriesFactory()
    first, second, third = (held_in(year, series=ours) for year in (2014, 2015, 2018))
    held_in(2016)  # of another series

    page = read(client, f"/en/forums/{second.slug}/")

    assert addresses(page, "//a[@rel='prev']") == [f"/en/forums/{first.slug}/"]
    assert addresses(page, "//a[@rel='next']") == [f"/en/forums/{third.slug}/"]
    last = read(client, f"/en/forums/{third.slug}/")
    assert addresses(last, "//a[@rel='prev']") == [f"/en/forums/{second.slug}/"]
    assert addresses(last, "//a[@rel='next']") == []


def test_forum_detail_says_that_the_event_is_cancelled(client: Client):
    forum = held_in(2026)
    forum.program.cancelled_at = timezone.now()
    forum.program.save()

    assert "This event has been cancelled" in words(read(client, f"/en/forums/{forum.slug}/"))


@pytest.mark.parametrize("prefix", PREFIXES)
def test_programme_of_a_forum_sends_readers_to_its_edition(client: Client, prefix: str):
    forum = held_in(2022)

    response = client.get(f"{prefix}/programs/{forum.program.code}/")

    assert response.status_code == 301
    assert response.headers["Location"] == f"{prefix}/forums/{forum.slug}/"


def test_programme_of_a_forum_that_is_no_edition_yet_has_a_page(client: Client):
    program = ProgramFactory(kind="forum")

    assert client.get(f"/en/programs/{program.code}/").status_code == 200


def test_lists_calendar_site_map_and_search_lead_to_the_edition(client: Client):
    on = timezone.localdate() + timedelta(days=30)
    program = ProgramFactory(kind="forum", title_ko="등대 포럼", starts_on=on, ends_on=on)
    forum = ForumFactory(program=program, slug="lighthouse", theme_ko="바다의 약속")
    settle()

    cards = read(client, "/programs/?kind=forum")
    assert addresses(cards, "//li[@class='card']//h3/a") == ["/forums/lighthouse/"]
    (event,) = Calendar.from_ical(client.get("/calendar.ics?kind=forum").content).walk("VEVENT")
    assert str(event["URL"]).endswith("/forums/lighthouse/")
    site_map = client.get("/sitemap.xml").content.decode()
    assert "/forums/lighthouse/" in site_map
    assert f"/programs/{program.code}/" not in site_map
    assert [hit.url for hit in search("바다의 약속", language="ko").hits] == ["/forums/lighthouse/"]
    assert forum.get_absolute_url() == "/forums/lighthouse/"


def test_search_finds_an_edition_by_who_speaks_in_it(client: Client):
    forum = held_in(2022)
    speaker = AppearanceFactory(session__forum=forum, speaker__name_en="Bada Kim").speaker
    settle()
    assert [hit.url for hit in search("Bada Kim", language="en").hits] == [
        f"/en/forums/{forum.slug}/"
    ]

    speaker.name_en = "Sora Lee"
    speaker.save()
    settle()

    assert search("Bada", language="en").total == 0
    assert search("Sora", language="en").total == 1


def test_menu_has_the_forums_before_the_news(client: Client):
    page = read(client, "/en/forums/")

    menu = page.xpath("//ul[@class='menu-cols']/li/a")
    assert [words(link) for link in menu][-2:] == ["Forums", "News"]
    assert menu[-2].get("aria-current") == "true"


def test_registration_opening_is_a_time_at_which_pages_change():
    named = {field for model, field in timed_columns() if model is Forum}
    assert named == {
        "registration_opens_at", "registration_closes_at", "papers_open_at", "papers_close_at",
    }  # fmt: skip


def fill(forum: Forum, count: int) -> None:
    for number in range(count):
        starts = at(9 + number % 8, number // 8)
        session = a_session(forum, starts, starts + timedelta(minutes=1))
        AppearanceFactory(
            session=session, speaker=SpeakerFactory(organisation=OrganisationFactory())
        )
        MaterialFactory(forum=forum, session=session)
        RoleFactory(program=forum.program)
        forum.correct(texts={"ko": "고침", "en": "Put right", "zh-hans": "更正"}, by=StaffFactory())


@pytest.mark.thorough
def test_forum_pages_ask_the_database_as_often_for_50_rows_as_for_1(
    client: Client, uncached_queries: Callable[[Client, str], int]
):
    forum = an_edition()
    forum.freeze(by=StaffFactory())
    fill(forum, 1)
    alone = [uncached_queries(client, path) for path in ("/forums/", "/forums/busan/")]
    fill(forum, 49)
    for year in range(1990, 2010):
        held_in(year, series=forum.series)

    many = [uncached_queries(client, path) for path in ("/forums/", "/forums/busan/")]

    assert many == alone
    assert many[0] <= 8
    assert many[1] <= 20
