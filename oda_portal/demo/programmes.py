"""Courses, consulting and the pictures' captions: programmes.yaml."""

from __future__ import annotations

from decimal import Decimal

from partners.models import City, Country, Organisation
from programs.models import BudgetLine, Photo, Program, Session

from .book import Book
from .files import Files
from .periods import of_course, of_session
from .program_parts import Outline, add_program, add_run, venue
from .reading import Record, Reference

# What a topic is in a course; in consulting it is what the two sides design together.
TOPICS = {"consulting": Session.Kind.PROJECT_DESIGN}


def add_programmes(book: Book, files: Files) -> None:
    for fact in files.records("programmes", "programmes"):
        added = files.added("programmes", fact.name)
        sessions = [*fact.parts("sessions"), *added.parts("sessions_added")]
        outline = Outline(
            "programmes",
            fact,
            of_course(fact, sessions),
            fact.text("summary") | venue(fact, files),
            cities=_cities(fact),
            countries=fact.refers("countries", Country),
            steps=sessions,
        )
        program = add_program(book, files, outline)
        _add_budget(book, program, fact, added)
        runs = _add_runs(book, files, program, fact, sessions)
        if fact.has("topics"):
            run = runs[0] if runs else _run_of_the_whole(book, files, program, outline)
            _add_topics(book, run, program, fact)


def _cities(fact: Record) -> list[Reference]:
    city = fact.refer("city", City)
    return fact.refers("cities", City) + ([city] if city else [])


def _add_budget(book: Book, program: Reference, fact: Record, added: Record) -> None:
    if not fact.has("budget"):
        return
    budget = fact.part("budget")
    announced = added.day("budget_announced_on")
    values = added.text("budget_covers", "covers") | {
        "program": program,
        "basis": BudgetLine.Basis.ANNOUNCED,
        "amount": Decimal(budget.number("amount") or 0),
        "currency": budget.need("currency"),
        "announced_on": announced.first if announced else None,
        "precision": announced.precision if announced else "day",
    }
    book.add(BudgetLine, program.key, fact, values, owner=program)


def _add_runs(
    book: Book, files: Files, program: Reference, fact: Record, sessions: list[Record]
) -> list[Reference]:
    """A run for each session. One a year: then its number is the year of the course."""
    years = [session.number("year") or 0 for session in sessions]
    first = fact.number("year_start")
    yearly = first is not None and len(set(years)) == len(years)
    notes = files.added("programmes", fact.name)
    runs = []
    for index, session in enumerate(sessions):
        year = str(years[index])
        about = notes.part("sessions") if notes.has("sessions") else notes
        note = about.part(year) if about.has(year) else Record(fact.file, fact.name, {})
        number = years[index] - first + 1 if yearly and first else index + 1
        period = of_session(session)
        runs.append(add_run(book, files, program, session, period, number=number, note=note))
    return runs


def _run_of_the_whole(book: Book, files: Files, program: Reference, outline: Outline) -> Reference:
    fact = outline.fact
    nothing = Record(fact.file, fact.name, {})
    return add_run(book, files, program, nothing, outline.period, note=nothing)


def _add_topics(book: Book, run: Reference, program: Reference, fact: Record) -> None:
    kind = TOPICS.get(book.entries[Program][program.key].values["kind"], Session.Kind.LECTURE)
    for position, topic in enumerate(fact.parts("topics"), start=1):
        led_by = topic.refer("partner", Organisation) or topic.refer("by", Organisation)
        values = topic.text("topic", "title") | {
            "run": run,
            "kind": kind,
            "led_by": led_by,
            "country": topic.refer("country", Country),
            "position": position,
        }
        book.add(Session, f"{run.key}/{position}", topic, values, owner=run)


def add_gallery(book: Book, files: Files) -> None:
    """Captions of photographs that nobody has; a drawing stands for each."""
    programs = files["mapping"].part("gallery")
    owners = Record(programs.file, "gallery", {str(k): v for k, v in programs.values.items()})
    for caption in files.records("programmes", "gallery", "order"):
        program = owners.refer(caption.name, Program)
        if program is None:
            raise caption.error("order", f"“{caption.name}” is not in gallery of mapping.yaml")
        values = caption.text("caption") | {
            "program": program,
            "position": caption.number("order"),
        }
        book.add(Photo, f"gallery/{caption.name}", caption, values, owner=program)
