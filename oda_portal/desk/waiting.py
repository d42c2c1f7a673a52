"""What waits for whoever opens the back office: sentences with a number, each with its list.

Apps say what may wait; how many rows of each do so is asked of the database at once, so that one
more thing to be told costs no further question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from django.db.models import Count, DateField, F, Min, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone


@dataclass(frozen=True)
class Reminder:
    """Something on the first page that waits for staff.

    `count` is how many rows the list at `url` has; `due_on` the first day by which one of them
    should be done.
    """

    sentence: str
    url: str
    count: int = 1
    is_urgent: bool = False
    due_on: date | None = None

    @property
    def days_left(self) -> int | None:
        return (self.due_on - timezone.localdate()).days if self.due_on else None


@dataclass(frozen=True)
class Counted:
    """Rows that wait, exactly those that the list at `url` shows; nothing is told of no rows.

    `say` makes the sentence of how many there are, and how many of them are `pressing`: one that
    presses makes the reminder urgent, and `is_urgent` makes it so in any case. `due` names a
    column with the day by which each should be done.
    """

    rows: QuerySet[Any]
    say: Callable[[int, int], str]
    url: str
    pressing: Q | None = None
    is_urgent: bool = False
    due: str = ""

    def figures(self, number: int) -> QuerySet[Any, Any]:
        """One row: the number that it was given, how many wait and press, the first day."""
        pressing = Q(pk__in=[]) if self.pressing is None else self.pressing
        day = Cast(F(self.due) if self.due else Value(None), DateField())
        # What the rows come with (joins, further columns) must not stand among what is counted;
        # and a manager of translated models would give the columns in an order of its own.
        rows: QuerySet[Any] = QuerySet(model=self.rows.model)
        return (
            rows.filter(pk__in=self.rows.order_by().values("pk"))
            .order_by()
            .annotate(which=Value(number))
            .values("which")
            .annotate(
                waiting_rows=Count("pk"),
                pressing_rows=Count("pk", filter=pressing),
                first_day=Min(day),
            )
            .values_list("which", "waiting_rows", "pressing_rows", "first_day")
        )

    def told(self, waiting: int, pressing: int, due_on: date | None) -> Reminder:
        is_urgent = self.is_urgent or pressing > 0
        return Reminder(self.say(waiting, pressing), self.url, waiting, is_urgent, due_on)


Ask: TypeAlias = Callable[[HttpRequest], "Reminder | Counted | list[Reminder] | None"]

_asked: list[Ask] = []


def remind(ask: Ask) -> Ask:
    """Ask this on every visit to the first page; it gives None to whom it does not concern."""
    _asked.append(ask)
    return ask


def reminders_for(request: HttpRequest) -> list[Reminder]:
    """What waits for this person: urgent things first, then as the apps told of them."""
    answers = [answer for ask in _asked if (answer := ask(request)) is not None]
    found: list[Reminder | Counted] = []
    for given in answers:
        found += given if isinstance(given, list) else [given]
    figures = _figures([one for one in found if isinstance(one, Counted)])
    told = []
    for answer in found:
        if isinstance(answer, Reminder):
            told.append(answer)
        elif (known := figures[id(answer)])[0]:
            told.append(answer.told(*known))
    return sorted(told, key=lambda reminder: not reminder.is_urgent)


def _figures(counted: Sequence[Counted]) -> dict[int, tuple[int, int, date | None]]:
    """By the identity of each, in one question for all of them."""
    found: dict[int, tuple[int, int, date | None]] = {id(one): (0, 0, None) for one in counted}
    parts = [one.figures(number) for number, one in enumerate(counted)]
    rows: Iterable[Any] = parts[0].union(*parts[1:], all=True) if parts else ()
    for number, waiting, pressing, due_on in rows:
        found[id(counted[number])] = (waiting, pressing, due_on)
    return found
