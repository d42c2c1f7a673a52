"""The page of a session, and what becomes of it when it is cancelled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import RestrictedError
from django.test import Client

from forums.freezing import FrozenError
from forums.models import ForumSession, SessionLanguage
from forums.programme.actions import cancel_session, reinstate_session
from oda_portal.audit.models import Transition
from oda_portal.publishing.freshness import raise_generation
from oda_portal.publishing.models import Status
from tests.factories import (
    AppearanceFactory,
    ForumFactory,
    MaterialFactory,
    OfficeFactory,
    OrganisationFactory,
    RoomFactory,
    SpeakerFactory,
    UserFactory,
)
from tests.forums.editions import a_session, an_edition, at, read, spoken, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


def address_of(session: ForumSession, prefix: str = "/en") -> str:
    return f"{prefix}/forums/{session.forum.slug}/sessions/{session.pk}/"


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ("", ["기조연설", "개요", "대강당", "김연사", "하노이 부시장", "연사"]),
        ("/en", ["Opening talk", "Abstract", "Main hall", "Kim Speaker", "Vice Mayor of Hanoi"]),
        ("/zh-hans", ["主旨演讲", "摘要", "大礼堂", "金嘉宾", "河内副市长"]),
    ],
)
def test_session_page_is_in_the_language_of_the_page(client: Client, prefix: str, said: list[str]):
    forum = an_edition()
    session = a_session(
        forum, at(9), at(10), "Opening talk", title_ko="기조연설", title_zh_hans="主旨演讲",
        abstract_ko="개요", abstract_en="Abstract", abstract_zh_hans="摘要",
        room=RoomFactory(forum=forum, name_ko="대강당", name_en="Main hall", name_zh_hans="大礼堂"),
    )  # fmt: skip
    speaker = SpeakerFactory(
        name_ko="김연사", name_en="Kim Speaker", name_zh_hans="金嘉宾",
        post_ko="하노이 부시장", post_en="Vice Mayor of Hanoi", post_zh_hans="河内副市长",
    )  # fmt: skip
    AppearanceFactory(session=session, speaker=speaker)

    text = words(read(client, address_of(session, prefix)).xpath("//main")[0])

    for word in [*said, "09:00–10:00"]:
        assert word in text


def test_session_page_says_languages_room_and_materials(client: Client):
    forum = an_edition(venue_en="BEXCO")
    session = a_session(forum, at(9), at(10), room=RoomFactory(forum=forum, name_en="Hall"))
    spoken(session, "ko")
    spoken(session, "en", interpreted=True)
    MaterialFactory(forum=forum, session=session, title_en="The slides", url="https://a.example/1")
    MaterialFactory(forum=forum, title_en="Of another session")

    page = read(client, address_of(session))

    facts = {
        words(fact.xpath("dt")[0]): words(fact.xpath("dd")[0]) for fact in page.xpath("//dl/div")
    }
    assert facts["Room"] == "Hall"
    assert facts["Venue"] == "BEXCO"
    assert facts["Language spoken"] == "Korean"
    assert facts["Simultaneous interpretation"] == "English"
    assert page.xpath("//a[@href='https://a.example/1']")
    assert "Of another session" not in words(page)


def test_session_page_leads_to_its_neighbours_and_to_what_is_on_at_the_same_time(client: Client):
    forum = an_edition()
    hall, small = (RoomFactory(forum=forum, position=place) for place in (1, 2))
    first = a_session(forum, at(9), at(10), "First", room=hall)
    here = a_session(forum, at(10), at(12), "Here", room=hall)
    beside = a_session(forum, at(11), at(13), "Beside", room=small)
    a_session(forum, at(10), at(10, 30), "Coffee", kind="break")
    a_session(forum, at(12), at(13), "Directly after", room=hall)
    a_session(ForumFactory(), at(10), at(12), "In another edition")

    page = read(client, address_of(here))

    assert page.xpath("//a[@rel='prev']/@href") == [address_of(first)]
    assert page.xpath("//a[@rel='next']/@href") == [address_of(beside)]
    parallel = page.xpath("//section[@aria-labelledby='h-parallel']//a/@href")
    assert parallel == [address_of(beside)]


def test_session_page_names_an_organisation_but_leads_to_it_only_where_it_is_public(client: Client):
    session = a_session(an_edition(), at(9), at(10))
    shown = OrganisationFactory(name_en="Public body")
    hidden = OrganisationFactory(name_en="Hidden body", status=Status.DRAFT)
    for body in (shown, hidden):
        AppearanceFactory(session=session, speaker=SpeakerFactory(organisation=body))

    page = read(client, address_of(session))

    assert page.xpath(f"//a[@href='{'/en' + shown.get_absolute_url().removeprefix('/en')}']")
    assert "Hidden body" not in words(page)


def test_session_is_not_found_under_another_edition(client: Client):
    session = a_session(an_edition(), at(9), at(10))
    other = ForumFactory()

    assert client.get(f"/forums/{other.slug}/sessions/{session.pk}/").status_code == 404
    assert client.get(f"/forums/{other.slug}/sessions/{session.pk}.ics").status_code == 404
    assert client.get("/forums/busan/sessions/0/").status_code == 404
    assert client.get("/forums/busan/sessions/99999999999999999999/").status_code == 404


@pytest.mark.thorough
def test_session_page_asks_the_same_with_one_and_with_many(client: Client, uncached_queries):
    forum = an_edition()
    session = a_session(forum, at(9), at(10), room=RoomFactory(forum=forum))
    AppearanceFactory(session=session, speaker=SpeakerFactory(organisation=OrganisationFactory()))
    a_session(forum, at(9), at(10), room=RoomFactory(forum=forum))
    a_session(forum, at(8), at(9))
    a_session(forum, at(10), at(11))
    spoken(session, "ko")
    MaterialFactory(forum=forum, session=session)
    with_one = uncached_queries(client, address_of(session))

    for number in range(20):
        a_session(forum, at(9), at(10), room=RoomFactory(forum=forum))
        body = OrganisationFactory()
        AppearanceFactory(
            session=session, speaker=SpeakerFactory(organisation=body), position=number
        )
        MaterialFactory(forum=forum, session=session)

    assert uncached_queries(client, address_of(session)) == with_one <= 10


def test_cancelled_session_is_shown_as_such_until_it_is_reinstated(client: Client):
    session, staff = a_session(an_edition(), at(9), at(10)), UserFactory()

    assert cancel_session(session, by=staff, reason="The speaker is ill")
    assert "This session has been cancelled" in words(read(client, address_of(session)))
    assert not cancel_session(session, by=staff)
    assert reinstate_session(session, by=staff)
    raise_generation()
    assert "cancelled" not in words(read(client, address_of(session)).xpath("//main")[0])
    assert not reinstate_session(session, by=staff)

    trail = Transition.objects.filter(field="state").order_by("pk")
    assert [(row.from_state, row.to_state, row.by, row.reason) for row in trail] == [
        ("held", "cancelled", staff, "The speaker is ill"),
        ("cancelled", "held", staff, ""),
    ]


def test_session_of_a_frozen_edition_is_not_cancelled():
    forum, staff = an_edition(), UserFactory()
    session = a_session(forum, at(9), at(10))
    stale = ForumSession.objects.select_related("forum").get(pk=session.pk)
    forum.freeze(by=staff)

    for act in (cancel_session, reinstate_session):
        with pytest.raises(FrozenError):
            act(stale, by=staff)
    session.refresh_from_db()
    assert not session.is_cancelled


def test_session_whose_room_was_given_away_is_not_reinstated():
    forum, staff = an_edition(), UserFactory()
    room = RoomFactory(forum=forum)
    session = a_session(forum, at(9), at(10), room=room)
    cancel_session(session, by=staff)
    a_session(forum, at(9, 30), at(10, 30), title_ko="대신 열리는 세션", room=room)

    with pytest.raises(ValidationError, match="대신 열리는 세션"):
        reinstate_session(session, by=staff)

    session.refresh_from_db()
    assert session.is_cancelled


def test_session_whose_speaker_went_elsewhere_is_not_reinstated():
    forum, staff, speaker = an_edition(), UserFactory(), SpeakerFactory()
    session = a_session(forum, at(9), at(10))
    AppearanceFactory(session=session, speaker=speaker)
    cancel_session(session, by=staff)
    AppearanceFactory(
        session=a_session(forum, at(9), at(10), title_ko="다른 세션"), speaker=speaker
    )

    with pytest.raises(ValidationError, match="다른 세션"):
        reinstate_session(session, by=staff)


def test_session_ends_after_it_begins_and_names_a_language_once():
    session = a_session(an_edition(), at(9), at(10))
    spoken(session, "ko")

    with transaction.atomic(), pytest.raises(IntegrityError):
        SessionLanguage.objects.create(session=session, code="ko", is_interpretation=True)
    session.ends_at = session.starts_at - timedelta(minutes=1)
    with transaction.atomic(), pytest.raises(IntegrityError):
        session.save()


def test_a_room_in_use_stays_but_goes_with_its_edition():
    forum = an_edition()
    room = RoomFactory(forum=forum)
    a_session(forum, at(9), at(10), room=room)

    with pytest.raises(RestrictedError):
        room.delete()
    forum.delete()

    assert not ForumSession.objects.exists()
