"""Dated steps of a programme's story."""

from __future__ import annotations

from collections.abc import Iterable

from partners.models import Organisation
from programs.models import Milestone

from .book import Book
from .periods import between
from .reading import Record, Reference


def add_milestone(
    book: Book, program: Reference, step: Record, name: str, labels: Record | None = None
) -> None:
    """Put a step in; `labels` has the words for what its `kind` says."""
    step.need("date")
    period = between(step, "date", "end")
    values = step.text("title", required=False) | step.text("text")
    if labels and step.has("kind"):
        values |= labels.text(step.word("kind"), "label")
    values |= {
        "program": program,
        "on": period.starts,
        "ends_on": period.ends,
        "precision": period.precision,
    }
    links = {
        "organisations": step.refers("organisations", Organisation),
        "sources": step.sources(),
    }
    book.add(Milestone, f"{program.key}/{name}", step, values, owner=program, links=links)


def cautions(fact: Record, steps: Iterable[Record]) -> str:
    """What editors should know of the whole and of its steps, which have no note of their own."""
    notes = [fact.word("caution")]
    notes += [
        f"{step.word('date')}: {step.word('caution')}" for step in steps if step.has("caution")
    ]
    return "\n".join(filter(None, notes))
