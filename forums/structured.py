"""What pages of editions and sessions tell machines: events, with those who speak at them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from oda_portal.languages import absolute
from oda_portal.publishing.texts import text_in
from oda_portal.structured import nodes
from oda_portal.structured.events import bounded, event
from oda_portal.structured.nodes import Node, language_of, node, said
from oda_portal.structured.pages import PageData
from oda_portal.structured.pictures.addresses import address_of
from oda_portal.structured.pictures.registry import Card, Pictured, picture_of, register
from programs.models import Program, Role
from programs.structured import responsible, with_role

from .models import Forum, ForumSession, Speaker
from .pages import ForumPage
from .programme.pages import SessionPage


def register_pictures() -> None:
    register(Pictured(kind="forum", rows=_forums, key="slug", card=_forum_card))
    register(Pictured(kind="session", rows=_sessions, key="pk", card=_session_card))


def _forums() -> QuerySet:
    rows = Forum.objects.published().select_related("program", "series")
    return rows.prefetch_related("program__themes")


def _sessions() -> QuerySet:
    rows = ForumSession.objects.published().select_related("forum__program")
    return rows.prefetch_related("forum__program__themes")


def of_forum(page: ForumPage) -> PageData:
    """Of a long programme, whose sessions the page only counts, none is told either."""
    program, picture = page.program, picture_of("forum", page.forum)
    sure = not program.date_is_estimate
    about = event(
        cancelled=program.cancelled_at is not None,
        announced=program.announced_only,
        venue=said(program, "venue"),
        id="#event",
        name=said(program, "title"),
        description=said(program, "summary"),
        inLanguage=language_of(program, "title"),
        image=address_of(picture),
        starts=nodes.day(program.starts_on, program.precision) if sure else None,
        ends=nodes.day(program.ends_on, program.precision) if sure else None,
        organizer=nodes.one_or_all(responsible(program)),
        funder=nodes.one_or_all(with_role(program, Role.Kind.FUNDS)),
        performer=bounded(_person(speaker) for speaker in page.speakers),
        subEvent=bounded(_part(session) for day in page.days for session in day.sessions),
    )
    return PageData((about,), picture, is_demonstration=program.is_demonstration)


def of_programme(forum: Forum) -> PageData:
    """The sessions of an edition in a list; what they are stands on their own pages."""
    return PageData(is_demonstration=forum.program.is_demonstration)


def of_session(page: SessionPage) -> PageData:
    session = page.session
    program, picture = session.forum.program, picture_of("session", session)
    about = event(
        cancelled=page.is_off,
        venue=_where(session),
        id="#event",
        name=said(session, "title"),
        description=said(session, "abstract"),
        inLanguage=language_of(session, "title"),
        image=address_of(picture),
        starts=nodes.moment(session.starts_at),
        ends=nodes.moment(session.ends_at),
        superEvent=_edition(session.forum, program),
        performer=bounded(_person(speaker) for speaker in _speakers(page)),
    )
    return PageData((about,), picture, is_demonstration=program.is_demonstration)


def _part(session: ForumSession) -> Node:
    address = absolute(session.get_absolute_url())
    return event(
        cancelled=session.is_cancelled,
        id=f"{address}#event",
        url=address,
        name=said(session, "title"),
        starts=nodes.moment(session.starts_at),
        ends=nodes.moment(session.ends_at),
        venue=said(session.room, "name") if session.room else "",
    )


def _edition(forum: Forum, program: Program) -> Node:
    address = absolute(forum.get_absolute_url())
    return node("Event", id=f"{address}#event", url=address, name=said(program, "title"))


def _where(session: ForumSession) -> str:
    room = said(session.room, "name") if session.room else ""
    return ", ".join(filter(None, (room, said(session.forum.program, "venue"))))


def _speakers(page: SessionPage) -> Iterable[Speaker]:
    people = (one.speaker for role in page.roles for one in role.people)
    return list({speaker.pk: speaker for speaker in people}.values())


def _person(speaker: Speaker) -> Node:
    """Who speaks in public, as the page names them; nothing else is told of anybody."""
    return node("Person", name=said(speaker, "name"), jobTitle=said(speaker, "post"))


def _forum_card(forum: Forum) -> Card:
    program = forum.program
    label = said(forum.series, "name")
    return Card(text_in(program, "title"), label, program.cover_seed, program.palette)


def _session_card(session: ForumSession) -> Card:
    program = session.forum.program
    label = said(program, "title")
    return Card(text_in(session, "title"), label, f"session-{session.pk}", program.palette)
