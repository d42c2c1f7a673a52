"""When something took place, as far as the facts say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from oda_portal.publishing.models import Precision

from .reading import Record

COARSEST_FIRST = (Precision.YEAR, Precision.MONTH, Precision.DAY)


@dataclass(frozen=True)
class Period:
    """From the first to the last possible day."""

    starts: date | None = None
    ends: date | None = None
    precision: str = Precision.DAY

    def columns(self) -> dict[str, Any]:
        return {"starts_on": self.starts, "ends_on": self.ends, "precision": self.precision}


def between(record: Record, first: str, last: str = "") -> Period:
    """From the day in one field to that in another; known no better than the worse of the two."""
    start, end = record.day(first), record.day(last) if last else None
    if start and end and end.last < start.first:
        raise record.error(last, "is before the start")
    known = {day.precision for day in (start, end) if day}
    precision = next((name for name in COARSEST_FIRST if name in known), Precision.DAY)
    return Period(start.first if start else None, end.last if end else None, precision)


def ruled(rules: Record) -> Period | None:
    """The dates that mapping.yaml gives a record in place of the fact's."""
    if not rules.has("dates"):
        return None
    dates = rules.part("dates")
    period = between(dates, "starts_on", "ends_on")
    return Period(period.starts, period.ends, dates.need("precision"))


def of_session(session: Record) -> Period:
    """One session: its days, or else the year."""
    if session.has("start"):
        return between(session, "start", "end")
    return between(session, "year", "year")


def of_event(event: Record) -> Period:
    """A day, several days, or else the year."""
    first = "date" if event.has("date") else "year"
    return between(event, first, "end" if event.has("end") else first)


def of_course(fact: Record, sessions: Iterable[Record]) -> Period:
    """A course of one or more years.

    Its days are known when each of its years has a session with both ends; otherwise only its
    years are.
    """
    first, last = fact.day("year_start"), fact.day("year_end")
    periods = [of_session(session) for session in sessions]
    exact = [period for period in periods if period.starts and period.ends]
    years = range(first.first.year, last.last.year + 1) if first and last else range(0)
    if years and set(years) <= {period.starts.year for period in exact if period.starts}:
        starts = min(period.starts for period in exact if period.starts)
        return Period(starts, max(period.ends for period in exact if period.ends), Precision.DAY)
    return between(fact, "year_start", "year_end")
