"""The working-level network and its steps: network.yaml."""

from __future__ import annotations

from programs.models import Program

from .book import Book
from .files import Files
from .milestones import add_milestone, cautions
from .periods import Period
from .program_parts import Outline, add_program
from .reading import Record


def add_network(book: Book, files: Files) -> None:
    part = files["network"].part("network")
    fact = Record(part.file, str(part.need("id")), part.values)
    events = files.records("network", "events")
    values = fact.text("purpose", "summary") | {"editor_note": cautions(fact, events)}
    add_program(book, files, Outline("network", fact, Period(), values, steps=list(events)))
    program = files["mapping"].refer("events_are_milestones_of", Program)
    if program is None:
        raise files["mapping"].error("events_are_milestones_of", "is missing")
    kinds = files["network"].part("event_kinds")
    for event in events:
        add_milestone(book, program, event, event.name, labels=kinds)
