"""Calls for volunteers that show how the site works, with days that move on: calls.yaml."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from oda_portal.seats.models import Pool
from partners.models import City
from volunteers.models import (
    Call,
    CallAnswer,
    Condition,
    Opening,
    Question,
    RequiredDocument,
    Stage,
)

from .book import Book
from .files import Files
from .reading import Record, Reference

# From today to the results of the open call, and from these to a departure that can be prepared.
TIME_TO_PREPARE = timedelta(days=35 + 120)
SUMMER = (7, 1)
CALL_TIMES = frozenset({"opens_at", "closes_at", "released_at", "confirm_by", "age_on"})
Values = Callable[[Record, "Days"], dict[str, Any]]


@dataclass(frozen=True)
class Days:
    """What a file's days mean when they are counted from `today`, in Korea."""

    today: date

    def day(self, record: Record, field: str) -> date | None:
        """`+21` counts from today; `summer 07-19` falls into the next summer there is time for."""
        return self._read(record, field, record.word(field)) if record.has(field) else None

    def moment(self, record: Record, field: str) -> datetime:
        """`+21 18:00`: a day and an hour in Korea."""
        day, _space, hour = str(record.need(field)).rpartition(" ")
        try:
            at = time.fromisoformat(hour)
        except ValueError:
            raise record.error(field, f"“{hour}” is not an hour (18:00)") from None
        found = datetime.combine(self._read(record, field, day), at)
        return timezone.make_aware(found).astimezone(UTC)

    def _read(self, record: Record, field: str, text: str) -> date:
        if re.fullmatch(r"[+-]\d{1,4}", text):
            return self.today + timedelta(days=int(text))
        try:
            return date.fromisoformat(f"{self._summer()}-{text.removeprefix('summer ')}")
        except ValueError:
            raise record.error(
                field, f"“{text}” is neither days from today (+21) nor in summer (summer 07-19)"
            ) from None

    def _summer(self) -> int:
        ready = self.today + TIME_TO_PREPARE
        return ready.year + ((ready.month, ready.day) >= SUMMER)


def add_calls(book: Book, files: Files) -> None:
    days = Days(timezone.localdate())
    for fact in files.records("calls", "calls", "slug"):
        call = book.add(Call, fact.name, fact, _call(fact, days), together=CALL_TIMES)
        _add_openings(book, call, fact, days)
        for model, field, values in PARTS:
            _add_parts(book, call, fact, days, model, field, values)


def _call(fact: Record, days: Days) -> dict[str, Any]:
    values = fact.text("title") | fact.text("summary") | fact.text("cost", required=False)
    values |= fact.text("guide", required=False)
    return values | {
        "slug": fact.name,
        "opens_at": days.moment(fact, "opens"),
        "closes_at": days.moment(fact, "closes"),
        "released_at": days.moment(fact, "released"),
        "confirm_by": days.moment(fact, "confirm_by"),
        "min_age": fact.number("min_age"),
        "age_on": days.day(fact, "age_on"),
        "max_choices": fact.number("max_choices"),
        "is_demonstration": True,
    }


def _add_openings(book: Book, call: Reference, fact: Record, days: Days) -> None:
    for position, part in enumerate(fact.parts("openings"), start=1):
        key = f"{call.key}/{part.need('id')}"
        pool = book.add(Pool, key, part, {"capacity": part.number("places")}, owner=call)
        values = part.text("tasks") | part.text("requirement", required=False)
        values |= {
            "call": call,
            "team": part.need("team"),
            "city": part.refer("city", City),
            "departs_on": days.day(part, "departs"),
            "returns_on": days.day(part, "returns"),
            "mode": part.need("mode"),
            "pool": pool,
            "position": position,
        }
        book.add(
            Opening, key, part, values, owner=call, together=frozenset({"departs_on", "returns_on"})
        )


def _add_parts(
    book: Book,
    call: Reference,
    fact: Record,
    days: Days,
    model: type[models.Model],
    field: str,
    values: Values,
) -> None:
    for position, part in enumerate(fact.parts(field), start=1):
        found = values(part, days) | {"call": call, "position": position}
        times = frozenset(found) & {"starts_on", "ends_on"}
        book.add(model, f"{call.key}/{position}", part, found, owner=call, together=times)


def _stage(part: Record, days: Days) -> dict[str, Any]:
    values = part.text("title") | part.text("note", required=False)
    times = {"starts_on": days.day(part, "starts"), "ends_on": days.day(part, "ends")}
    return values | times | {"kind": part.need("kind")}


def _condition(part: Record, days: Days) -> dict[str, Any]:
    return part.text("statement") | part.text("refusal")


def _document(part: Record, days: Days) -> dict[str, Any]:
    texts = part.text("name") | part.text("note", required=False)
    return texts | {"is_required": part.flag("required")}


def _question(part: Record, days: Days) -> dict[str, Any]:
    texts = part.text("text") | part.text("hint", required=False)
    rules = {"max_length": part.number("max_length"), "is_required": part.flag("required")}
    return texts | rules


def _answer(part: Record, days: Days) -> dict[str, Any]:
    return part.text("question") | part.text("answer")


PARTS: tuple[tuple[type[models.Model], str, Values], ...] = (
    (Stage, "stages", _stage),
    (Condition, "conditions", _condition),
    (RequiredDocument, "documents", _document),
    (Question, "questions", _question),
    (CallAnswer, "answers", _answer),
)
