"""The public page of an edition’s programme: a table of hours and rooms, a list on a phone."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from forums.models import Forum
from forums.programme.timetable import days_of
from oda_portal.publishing.models import Status
from tests.factories import (
    AppearanceFactory,
    ForumFactory,
    OfficeFactory,
    RoomFactory,
    SpeakerFactory,
)
from tests.forums.editions import a_session, an_edition, at, read, spoken, words

pytestmark = pytest.mark.django_db
PAGE = "/en/forums/busan/programme/"


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


def titles(page: html.HtmlElement) -> list[str]:
    """What is on, in the order in which it is read."""
    return [words(found) for found in page.xpath("//p[@class='what']")]


def shapes(page: html.HtmlElement) -> list[list[tuple[str, int, int]]]:
    """Of each hour its cells: what is on, and how many rows and columns it takes."""
    return [
        [
            (
                words(cell.xpath(".//p[@class='what']")[0]) if len(cell) else "",
                int(cell.get("rowspan", 1)),
                int(cell.get("colspan", 1)),
            )
            for cell in row.xpath("td")
        ]
        for row in page.xpath("//tbody/tr")
    ]


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ("", ["기조연설", "대강당", "김연사", "2026. 11. 20.(금)"]),
        ("/en", ["Opening talk", "Main hall", "Kim Speaker", "Friday 20 November 2026"]),
        ("/zh-hans", ["主旨演讲", "大礼堂", "金嘉宾", "2026年11月20日（星期五）"]),
    ],
)
def test_programme_is_in_the_language_of_the_page(client: Client, prefix: str, said: list[str]):
    forum = an_edition()
    room = RoomFactory(forum=forum, name_ko="대강당", name_en="Main hall", name_zh_hans="大礼堂")
    session = a_session(
        forum,
        at(9),
        at(10),
        "Opening talk",
        room=room,
        title_ko="기조연설",
        title_zh_hans="主旨演讲",
    )
    speaker = SpeakerFactory(name_ko="김연사", name_en="Kim Speaker", name_zh_hans="金嘉宾")
    AppearanceFactory(session=session, speaker=speaker)

    page = read(client, f"{prefix}/forums/busan/programme/")

    text = words(page.xpath("//main")[0])
    for word in [*said, "09:00–10:00"]:
        assert word in text
    address = f"{prefix}/forums/busan/sessions/{session.pk}/"
    assert page.xpath(f"//p[@class='what']/a[@href='{address}']")


def test_programme_without_a_translation_shows_the_original_in_its_own_language(client: Client):
    forum = an_edition()
    a_session(forum, at(9), at(10), title_ko="개회식", title_en="", title_zh_hans="")

    page = read(client, PAGE)

    assert [found.get("lang") for found in page.xpath("//p[@class='what']/a/span")] == ["ko"]


@pytest.mark.every_case
@pytest.mark.parametrize(
    "values",
    [
        {"status": Status.DRAFT},
        {"status": Status.WITHDRAWN},
        {"publish_at": timezone.now() + timedelta(days=1)},
        {"expire_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_programme_of_what_is_not_public_is_not_found(client: Client, values: dict):
    forum = an_edition(**values)
    session = a_session(forum, at(9), at(10))

    for end in (
        "programme/",
        "programme.ics",
        f"sessions/{session.pk}/",
        f"sessions/{session.pk}.ics",
    ):
        assert client.get(f"/forums/busan/{end}").status_code == 404
    assert client.get("/forums/nothing/programme/").status_code == 404


def test_programme_puts_parallel_sessions_side_by_side(client: Client):
    forum = an_edition()
    hall, small = (RoomFactory(forum=forum, position=place) for place in (1, 2))
    a_session(forum, at(9), at(10), "Opening", room=hall)
    a_session(forum, at(10), at(12), "Long", room=hall)
    a_session(forum, at(10), at(11), "Early", room=small)
    a_session(forum, at(11), at(12), "Late", room=small)
    a_session(forum, at(12), at(13), "Lunch", kind="break")

    page = read(client, PAGE)

    heads = [words(head) for head in page.xpath("//thead//th")]
    assert heads == ["Time", hall.name_en, small.name_en]
    assert shapes(page) == [
        [("Opening", 1, 1), ("", 1, 1)],
        [("Long", 2, 1), ("Early", 1, 1)],
        [("Late", 1, 1)],
        [("Lunch", 1, 2)],
    ]


def test_programme_gives_a_room_two_columns_where_one_session_took_another_s_place(client: Client):
    forum = an_edition()
    room = RoomFactory(forum=forum)
    a_session(forum, at(9), at(11), "Called off", room=room, cancelled_at=timezone.now())
    a_session(forum, at(10), at(11), "Instead", room=room)
    a_session(forum, at(9), at(10), "Somewhere")

    page = read(client, PAGE)

    assert [head.get("colspan") for head in page.xpath("//thead//th")] == [None, "2", None]
    assert [words(head) for head in page.xpath("//thead//th")][2] == "Other places"
    assert shapes(page)[0] == [("Cancelled Called off", 2, 1), ("", 1, 1), ("Somewhere", 1, 1)]
    assert page.xpath("//td[@class='off']//span[@class='badge badge-bad']")


def test_every_hour_of_a_full_programme_has_as_many_columns_as_its_head():
    forum = an_edition()
    rooms = RoomFactory.create_batch(4, forum=forum)
    for number in range(60):  # lengths and beginnings that fall across each other
        starts = at(8) + timedelta(minutes=(number * 37) % 600)
        room = rooms[number % 5] if number % 5 < 4 else None
        a_session(forum, starts, starts + timedelta(minutes=10 + number * 7 % 120), room=room)

    (day,) = days_of(forum.sessions.in_order().select_related("room"))

    width = sum(head.columns for head in day.heads)
    taken = [0] * len(day.rows)
    for number, row in enumerate(day.rows):
        for cell in row.cells:
            for below in range(number, number + cell.rows):
                taken[below] += cell.columns
    assert taken == [width] * len(day.rows)
    assert sum(cell.session is not None for row in day.rows for cell in row.cells) == 60


def test_programme_goes_by_the_day_in_korea(client: Client):
    forum = an_edition()
    late = datetime(2026, 11, 20, 22, tzinfo=UTC)  # 07:00 of the next morning in Busan
    a_session(forum, late, late + timedelta(hours=1), "Breakfast")
    a_session(forum, at(9), at(10), "First day")

    page = read(client, PAGE)

    days = [words(head) for head in page.xpath("//section/div/h2")]
    assert days == ["Friday 20 November 2026", "Saturday 21 November 2026"]
    assert titles(page) == ["First day", "Breakfast"]
    assert titles(read(client, f"{PAGE}?day=2026-11-21")) == ["Breakfast"]


def test_programme_can_be_filtered(client: Client):
    forum = an_edition()
    hall = RoomFactory(forum=forum)
    korean = a_session(forum, at(9), at(10), "Korean", room=hall, kind="keynote")
    spoken(korean, "ko")
    spoken(korean, "en", interpreted=True)
    english = a_session(forum, at(9), at(10), "English", kind="panel")
    spoken(english, "en")
    spoken(english, "zh", interpreted=True)

    def left(query: str) -> list[str]:
        return titles(read(client, f"{PAGE}?{query}"))

    assert left("") == ["Korean", "English"]
    assert left(f"room={hall.pk}") == ["Korean"]
    assert left("kind=panel") == ["English"]
    assert left("language=en") == ["English"]
    assert left("interpretation=en") == ["Korean"]
    assert left("language=en&interpretation=en") == []
    assert left("day=2026-11-20&language=ko") == ["Korean"]


def test_programme_offers_only_what_this_edition_has(client: Client):
    forum = an_edition()
    spoken(a_session(forum, at(9), at(10), "Ours", kind="panel"), "ko")
    other = ForumFactory()
    strange = RoomFactory(forum=other)
    spoken(a_session(other, at(9), at(10), kind="keynote", room=strange), "mn", interpreted=True)

    page = read(client, PAGE)

    def offered(name: str) -> list[str]:
        return page.xpath(f"//select[@name='{name}']/option/@value")

    assert offered("kind") == ["", "panel"]
    assert offered("language") == ["", "ko"]
    assert offered("interpretation") == [""]
    assert offered("room") == [""]
    assert offered("day") == ["", "2026-11-20"]


@pytest.mark.parametrize(
    "query", ["day=2026-13-40", "day=%00", "room=99999", "room='", "kind=nothing", "language=xx"]
)
def test_programme_names_what_it_does_not_know_and_shows_all(client: Client, query: str):
    a_session(an_edition(), at(9), at(10), "Still here")

    page = read(client, f"{PAGE}?{query}")

    assert titles(page) == ["Still here"]
    assert "One filter had a value that we do not know" in words(page)


def test_programme_marks_languages_and_interpretation(client: Client):
    session = a_session(an_edition(), at(9), at(10))
    spoken(session, "ko")
    spoken(session, "en", interpreted=True)

    page = read(client, PAGE)

    marks = page.xpath("//ul[@class='tongues']/li")
    assert [(words(mark), mark.get("class")) for mark in marks] == [
        ("Korean", None),
        ("Interpretation: English", "into"),
    ]


def test_programme_changes_at_once_with_what_it_shows(
    client: Client, django_capture_on_commit_callbacks
):
    forum = an_edition()
    session = a_session(forum, at(9), at(10), "Before")
    appearance = AppearanceFactory(session=session)
    assert titles(read(client, PAGE)) == ["Before"]

    with django_capture_on_commit_callbacks(execute=True):
        session.title_en = "After"
        session.save()
        appearance.delete()

    page = read(client, PAGE)
    assert titles(page) == ["After"]
    assert not page.xpath("//p[@class='who']")


def test_programme_of_a_cancelled_edition_says_so(client: Client):
    forum = an_edition(cancelled_at=timezone.now())
    a_session(forum, at(9), at(10), "Kept")

    page = read(client, PAGE)

    assert titles(page) == ["Kept"]
    assert "This event has been cancelled" in words(page)


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_programme_that_is_not_out_yet_says_so(client: Client, prefix: str):
    an_edition()

    page = read(client, f"{prefix}/forums/busan/programme/")

    assert page.xpath("//div[@class='empty']")
    assert not page.xpath("//table | //form[contains(@class, 'filters')]")


def test_programme_has_one_page(client: Client):
    a_session(an_edition(), at(9), at(10))

    assert client.get(f"{PAGE}?page=2").status_code == 404
    assert client.post(PAGE).status_code == 405


def test_programme_shows_hostile_words_as_words(client: Client):
    forum = an_edition()
    words_of = '<script>alert("x")</script>'
    session = a_session(
        forum, at(9), at(10), words_of, room=RoomFactory(forum=forum, name_en=words_of)
    )
    AppearanceFactory(session=session, speaker=SpeakerFactory(name_en=words_of))

    response = client.get(PAGE)

    assert words_of not in response.content.decode()
    assert titles(html.fromstring(response.content.decode())) == [words_of]


def fill(forum: Forum, count: int) -> None:
    """Sessions over two days in ten rooms, each with two speakers and two languages."""
    rooms = RoomFactory.create_batch(10, forum=forum)
    speakers = SpeakerFactory.create_batch(min(count, 120))
    for number in range(count):
        slot, place = divmod(number, 10)
        starts = at(9, day=20 + slot % 2) + timedelta(minutes=30 * (slot // 2))
        session = a_session(
            forum, starts, starts + timedelta(minutes=30), room=rooms[place],
            title_ko=f"도시와 도시가 함께 만드는 개발협력 사례 나눔 {number}",
        )  # fmt: skip
        spoken(session, ("ko", "en", "zh")[number % 3])
        spoken(session, ("en", "ko", "ko")[number % 3], interpreted=True)
        for turn in range(2):
            speaker = speakers[(number * 2 + turn) % len(speakers)]
            AppearanceFactory(session=session, speaker=speaker, role=("speaker", "panellist")[turn])


@pytest.mark.thorough
def test_programme_of_three_hundred_asks_as_little_as_one_of_one(client: Client, uncached_queries):
    one = ForumFactory(slug="small")
    fill(one, 1)
    with_one = uncached_queries(client, "/forums/small/programme/")
    fill(an_edition(), 300)

    assert uncached_queries(client, "/forums/busan/programme/") == with_one <= 8
    body = client.get("/forums/busan/programme/").content
    assert body.count(b"/forums/busan/sessions/") == 300
    assert len(gzip.compress(body)) <= 40_000
