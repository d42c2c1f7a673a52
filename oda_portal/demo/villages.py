"""Sister Villages: sister_villages.yaml."""

from __future__ import annotations

from partners.models import City, Country
from programs.models import Work

from .book import Book
from .files import Files
from .milestones import add_milestone, cautions
from .periods import between
from .program_parts import Outline, add_program
from .reading import Record, Reference


def add_villages(book: Book, files: Files) -> None:
    for fact in files.records("sister_villages", "villages"):
        city, country = fact.refer("city", City), fact.refer("iso2", Country)
        values = fact.text("summary") | fact.text("district", "place", required=False)
        values |= {"latitude": fact.place("lat"), "longitude": fact.place("lon")}
        values |= {"editor_note": cautions(fact, fact.parts("timeline"))}
        outline = Outline(
            "sister_villages",
            fact,
            between(fact, "started"),
            values,
            cities=[city] if city else [],
            countries=[country] if country else [],
            steps=list(fact.parts("timeline")),
        )
        program = add_program(book, files, outline)
        _add_works(book, program, fact, files.added("sister_villages", fact.name))
        for step in fact.parts("timeline"):
            add_milestone(book, program, step, step.word("date"))


def _add_works(book: Book, program: Reference, fact: Record, added: Record) -> None:
    sites = list(fact.parts("sites"))
    for position, work in enumerate(added.parts("works"), start=1):
        place = work
        if (site := work.number("site")) is not None:
            if not 0 < site <= len(sites):
                raise work.error("site", f"“{site}” is not one of the sites of {fact.file}")
            place = sites[site - 1]
        values = (
            place.text("name")
            | work.text("done")
            | {
                "program": program,
                "year": work.number("year"),
                "before_year": work.flag("before_year"),
                "position": position,
            }
        )
        book.add(Work, f"{program.key}/{position}", work, values, owner=program)
