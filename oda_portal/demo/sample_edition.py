"""An invented edition of the forum and an invented meet-up, both to come, so that programme,
registration and the calls for papers and for topics can be tried: sample_edition.yaml. They say so
in their titles, and move on like the calls.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from forums.models import (
    Appearance,
    Forum,
    ForumSession,
    Room,
    Series,
    SessionLanguage,
    Speaker,
)
from oda_portal.seats.models import Pool
from programs.models import Program, Theme
from programs.models.program import Arrangement
from programs.models.program import Kind as ProgramKind

from .book import Book
from .calls import Days
from .files import Files
from .reading import Record, Reference

TIMES = (
    ("registration_opens_at", "registration_opens"),
    ("registration_closes_at", "registration_closes"),
    ("papers_open_at", "papers_open"),
    ("papers_close_at", "papers_close"),
    ("papers_released_at", "papers_released"),
)


def add_sample_edition(book: Book, files: Files) -> None:
    """Before the true editions: a forum stands after the places that it refers to."""
    days = Days(timezone.localdate())
    for fact in files.records("sample_edition", "editions", "slug"):
        program = _add_program(book, fact, days)
        forum = _add_forum(book, fact, days, program)
        rooms = {
            part.word("id"): _part(book, Room, forum, part, part.text("name"), position)
            for position, part in enumerate(fact.parts("rooms"), start=1)
        }
        speakers = {
            part.word("id"): book.add(
                Speaker,
                f"{fact.name}/{part.need('id')}",
                part,
                part.text("name") | part.text("post") | part.text("bio", required=False),
                owner=forum,
            )
            for part in fact.parts("speakers")
        }
        for part in fact.parts("sessions"):
            _add_session(book, forum, part, days, rooms, speakers)


def _add_program(book: Book, fact: Record, days: Days) -> Reference:
    texts = fact.text("title") | fact.text("summary") | fact.text("venue")
    values = {
        "code": fact.name,
        "kind": ProgramKind.FORUM,
        "arrangement": Arrangement.OWN,
        "is_demonstration": True,
        "starts_on": days.day(fact, "on"),
        "ends_on": days.day(fact, "on"),
    }
    together = frozenset({"starts_on", "ends_on"})
    links: dict[str, list[Reference]] = {
        "cities": [], "themes": fact.refers("themes", Theme), "sources": [],
    }  # fmt: skip
    return book.add(Program, fact.name, fact, texts | values, links=links, together=together)


def _add_forum(book: Book, fact: Record, days: Days, program: Reference) -> Reference:
    times = {column: days.moment(fact, field) for column, field in TIMES if fact.has(field)}
    values: dict[str, Any] = {
        "program": program,
        "slug": fact.name,
        "kind": fact.word("kind") or Forum.Kind.FORUM,
        "series": _add_series(book, fact),
        "pool": _places(book, program, fact, fact.name),
    }
    texts = fact.text("theme", required=False)
    return book.add(
        Forum, fact.name, fact, texts | values | times, owner=program, together=frozenset(times)
    )


def _add_series(book: Book, fact: Record) -> Reference:
    """Told with the first of its editions."""
    part = fact.part("series")
    slug = part.need("slug")
    if book.has(Series, slug):
        return Reference(Series, slug, part, "slug")
    return book.add(Series, slug, part, part.text("name") | {"slug": slug, "position": 99})


def _places(book: Book, program: Reference, fact: Record, key: str) -> Reference:
    return book.add(Pool, key, fact, {"capacity": fact.number("places")}, owner=program)


def _part(
    book: Book, model: Any, forum: Reference, part: Record, texts: dict[str, str], position: int
) -> Reference:
    values = texts | {"forum": forum, "position": position}
    return book.add(model, f"{forum.key}/{part.need('id')}", part, values, owner=forum)


def _add_session(
    book: Book, forum: Reference, part: Record, days: Days,
    rooms: dict[str, Reference], speakers: dict[str, Reference],
) -> None:  # fmt: skip
    key = f"{forum.key}/{part.need('id')}"
    times = {"starts_at": days.moment(part, "starts"), "ends_at": days.moment(part, "ends")}
    values: dict[str, Any] = {"forum": forum, "kind": part.need("kind")}
    if part.has("room"):
        values["room"] = part.choose("room", rooms, "the rooms of this edition")
    if part.has("places"):
        program = Reference(Program, forum.key, part, "id")
        values["pool"] = _places(book, program, part, key)
    texts = part.text("title") | part.text("abstract", required=False)
    session = book.add(
        ForumSession, key, part, texts | values | times, owner=forum, together=frozenset(times)
    )
    for is_interpretation, field in ((False, "spoken"), (True, "interpreted")):
        for code in part.words(field):
            said = {"session": session, "code": code, "is_interpretation": is_interpretation}
            book.add(SessionLanguage, f"{key}/{code}", part, said, owner=session)
    for position, one in enumerate(part.parts("people"), start=1):
        speaker = one.choose("who", speakers, "the speakers of this edition")
        role = {"session": session, "speaker": speaker, "role": one.need("role")}
        texts = one.text("topic", required=False)
        appearance = texts | role | {"position": position}
        book.add(Appearance, f"{key}/{position}", one, appearance, owner=session)
