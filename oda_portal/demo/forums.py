"""Forums, related events and meet-ups: forums.yaml, and some events of network.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from forums.models import Forum, Series

from .book import Book
from .files import Files
from .periods import of_event
from .program_parts import Outline, add_program, add_run, venue
from .reading import Record, Reference


def add_forums(book: Book, files: Files) -> None:
    series = _add_series(book, files)
    for fact in files.records("forums", "forums"):
        summary = files.added("forums", fact.name).text("summary")
        _add_edition(book, files, fact, summary, series, kind=Forum.Kind.FORUM)
    for fact in _meet_ups(files):
        summary = fact.text("text", "summary")
        _add_edition(book, files, fact, summary, series, kind=Forum.Kind.MEET_UP)


def _add_series(book: Book, files: Files) -> dict[str, Reference]:
    names = files["forums"].part("series")
    return {
        slug: book.add(
            Series, slug, names, names.text(slug, "name") | {"slug": slug, "position": position}
        )
        for position, slug in enumerate(names.values, start=1)
    }


def _meet_ups(files: Files) -> Iterator[Record]:
    """Events of the network that are meet-ups, told as the forums are."""
    events = files.by_id("network", "events")
    chosen = files["mapping"].part("meet_ups")
    for name in chosen.values:
        if name not in events:
            raise chosen.error(name, "is not among the events of network.yaml")
        event = events[name]
        yield Record(event.file, name, {**event.values, "series": chosen.word(name)})


def _add_edition(
    book: Book,
    files: Files,
    fact: Record,
    summary: dict[str, str],
    series: dict[str, Reference],
    *,
    kind: str,
) -> None:
    added, period = files.added("forums", fact.name), of_event(fact)
    program = add_program(
        book, files, Outline("forums", fact, period, summary | venue(fact, files))
    )
    add_run(book, files, program, fact, period, note=added)
    values = fact.text("theme", required=False) | added.text("edition_label", required=False)
    values |= {
        "program": program,
        "slug": fact.name,
        "kind": kind,
        "series": fact.choose("series", series, "the series of forums.yaml"),
    }
    book.add(Forum, fact.name, fact, values, owner=program)
