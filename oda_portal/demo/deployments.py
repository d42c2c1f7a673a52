"""Deployments of volunteers: deployments.yaml."""

from __future__ import annotations

from partners.models import City
from programs.models import Program

from .book import Book
from .files import Files
from .periods import of_session
from .program_parts import Outline, add_program, add_run, countries_of


def add_deployments(book: Book, files: Files) -> None:
    for fact in files.records("deployments", "deployments"):
        city = fact.refer("city", City)
        cities = [city] if city else []
        outline = Outline(
            "deployments",
            fact,
            of_session(fact),
            fact.text("summary"),
            cities=cities,
            village=fact.refer("village", Program),
            countries=countries_of(cities, book),
        )
        program = add_program(book, files, outline)
        note = files.added("deployments", fact.name)
        add_run(book, files, program, fact, outline.period, note=note)
