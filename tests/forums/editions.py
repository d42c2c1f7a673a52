"""An edition of two days with sessions, for tests; and its pages read as words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client
from lxml import html

from forums.models import Forum, ForumSession, SessionLanguage
from tests.factories import ForumFactory, ForumSessionFactory, ProgramFactory

SEOUL = ZoneInfo("Asia/Seoul")


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    """An hour in Korea on the first day of the edition, or on another day of its month."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SEOUL)


def an_edition(**values: Any) -> Forum:
    """`busan`, on 20 and 21 November 2026; the values are its programme’s."""
    days = {"starts_on": date(2026, 11, 20), "ends_on": date(2026, 11, 21)}
    program = ProgramFactory(**{"kind": "forum", "modality": "", **days, **values})
    return ForumFactory(slug="busan", program=program)


def a_session(
    forum: Forum, starts: datetime, ends: datetime, title: str = "", **values: Any
) -> ForumSession:
    if title:
        values["title_en"] = title
    return ForumSessionFactory(forum=forum, starts_at=starts, ends_at=ends, **values)


def spoken(session: ForumSession, code: str, *, interpreted: bool = False) -> None:
    SessionLanguage.objects.create(session=session, code=code, is_interpretation=interpreted)


def read(client: Client, address: str) -> html.HtmlElement:
    response = client.get(address)
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())
