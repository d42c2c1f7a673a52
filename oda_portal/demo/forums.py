"""Forums and related events: forums.yaml."""

from __future__ import annotations

from .book import Book
from .files import Files
from .periods import of_event
from .program_parts import Outline, add_program, add_run, venue


def add_forums(book: Book, files: Files) -> None:
    for fact in files.records("forums", "forums"):
        added = files.added("forums", fact.name)
        period = of_event(fact)
        values = added.text("summary") | venue(fact, files)
        outline = Outline("forums", fact, period, values)
        program = add_program(book, files, outline)
        add_run(book, files, program, fact, period, note=added)
