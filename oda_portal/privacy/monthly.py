"""The looks of one month, counted for the privacy officers: who, how often, when, and why.

All is counted in the database, with the same number of questions however many looks there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate
from django.utils import timezone

from .models import AccessRecord, AccessSubject, Act
from .registry import registered
from .touched import paths_to_account

# By the clock of the office.
NIGHT_FROM, NIGHT_UNTIL = 22, 6
# Many: more than this, and more than so many times what was usual in the months before.
MANY, TIMES, MONTHS_BEFORE = 100, 3, 3
# Acts that show one person's data closely, and can be asked for a reason.
CLOSE = (Act.DETAIL, Act.FILE, Act.PRINT)
MOST_EXPORTS = 500


@dataclass
class Line:
    """What one account did. `shown`: how often somebody's data were shown, person by person."""

    account: str
    acts: dict[str, int] = field(default_factory=dict)
    shown: int = 0
    night: int = 0
    own: int = 0
    without_reason: int = 0
    usual: float = 0

    @property
    def looks(self) -> int:
        return sum(self.acts.values())

    @property
    def is_many(self) -> bool:
        return self.shown > max(MANY, TIMES * self.usual)

    def count(self, act: str) -> int:
        return self.acts.get(act, 0)


@dataclass(frozen=True)
class Report:
    first: date
    lines: list[Line]
    exports: list[AccessRecord]
    days: list[tuple[date, int]]

    @property
    def last(self) -> date:
        return month_after(self.first) - timedelta(days=1)

    @property
    def looks(self) -> int:
        return sum(line.looks for line in self.lines)

    @property
    def shown(self) -> int:
        return sum(line.shown for line in self.lines)

    def total(self, name: str) -> int:
        return sum(getattr(line, name) for line in self.lines)

    def exported(self) -> int:
        return sum(line.count(Act.EXPORT) for line in self.lines)

    def many(self) -> list[Line]:
        return [line for line in self.lines if line.is_many]


def month_of(day: date) -> date:
    return day.replace(day=1)


def month_before(first: date) -> date:
    return month_of(first - timedelta(days=1))


def month_after(first: date) -> date:
    return month_of(first + timedelta(days=31))


def last_month(today: date | None = None) -> date:
    return month_before(month_of(today or timezone.localdate()))


def report_of(first: date) -> Report:
    """The report of the month that begins on this day, by the clock of the office."""
    looks = _within(AccessRecord.objects.all(), "at", first, month_after(first))
    shown = _within(AccessSubject.objects.all(), "record__at", first, month_after(first))
    lines: dict[str, Line] = {}
    for account, act, count in _counts(looks, "account", "act"):
        lines.setdefault(account, Line(account)).acts[act] = count
    _put(lines, "shown", _counts(shown, "record__account"))
    _put(lines, "night", _counts(_at_night(looks), "account"))
    _put(lines, "own", _own(shown))
    _put(lines, "without_reason", _counts(looks.filter(act__in=CLOSE, reason=""), "account"))
    _put(lines, "usual", _usual(first))
    by_day = dict(_counts(looks.annotate(on_day=TruncDate("at")), "on_day"))
    exports = looks.filter(act=Act.EXPORT).annotate(subject_count=Count("subjects"))
    return Report(
        first=first,
        lines=sorted(lines.values(), key=lambda line: (-line.shown, line.account)),
        exports=list(exports.order_by("pk")[:MOST_EXPORTS]),
        days=[(day, by_day.get(day, 0)) for day in _days(first)],
    )


def months() -> list[date]:
    """Those of which there are looks, the newest first, and always the one before this."""
    oldest = AccessRecord.objects.order_by("at").values_list("at", flat=True).first()
    newest = month_of(timezone.localdate())
    first = month_of(timezone.localdate(oldest)) if oldest else newest
    found = [newest]
    while found[-1] > min(first, last_month()):
        found.append(month_before(found[-1]))
    return found


def _within(rows: QuerySet[Any], column: str, first: date, end: date) -> QuerySet[Any]:
    return rows.filter(**{f"{column}__gte": _start(first), f"{column}__lt": _start(end)})


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _counts(rows: QuerySet[Any], *columns: str) -> Iterable[tuple[Any, ...]]:
    grouped = rows.order_by().values(*columns).annotate(number=Count("pk"))
    return grouped.values_list(*columns, "number")


def _at_night(looks: QuerySet[AccessRecord]) -> QuerySet[AccessRecord]:
    late = Q(hour__gte=NIGHT_FROM) | Q(hour__lt=NIGHT_UNTIL)
    return looks.annotate(hour=ExtractHour("at")).filter(late)


def _own(shown: QuerySet[AccessSubject]) -> Iterable[tuple[Any, ...]]:
    """Looks at whoever looked, by the account or by a record of theirs such as an application.

    Once for each look, whatever else it showed.
    """
    own = Q(label="accounts.user", object_id=F("record__user_id"))
    for model in {entry.model for entry in registered()}:
        for path in paths_to_account(model):
            is_theirs = {"pk": OuterRef("object_id"), path: OuterRef("record__user_id")}
            rows = model._base_manager.filter(**is_theirs)
            own |= Q(Exists(rows), label=model._meta.label_lower)
    looks = shown.filter(own).order_by().values("record__account")
    return looks.annotate(number=Count("record", distinct=True)).values_list(
        "record__account", "number"
    )


def _usual(first: date) -> Iterable[tuple[str, float]]:
    """How much each account was shown in a month of those before this one, on average."""
    begin = first
    for _number in range(MONTHS_BEFORE):
        begin = month_before(begin)
    earlier = _within(AccessSubject.objects.all(), "record__at", begin, first)
    sums: dict[str, float] = defaultdict(float)
    for account, count in _counts(earlier, "record__account"):
        sums[account] = count / MONTHS_BEFORE
    return sums.items()


def _put(lines: dict[str, Line], name: str, counts: Iterable[tuple[Any, ...]]) -> None:
    for account, number in counts:
        if account in lines:
            setattr(lines[account], name, number)


def _days(first: date) -> list[date]:
    count = (month_after(first) - first).days
    return [first + timedelta(days=number) for number in range(count)]
