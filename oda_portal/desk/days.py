"""What went on in the last thirty days: figures day by day, each chart with its table.

Apps say which rows have which time; all of them are counted in one question, and the answer is
kept for a few minutes, since everybody who signs in asks the same: of all programmes, or of the
kinds that somebody works on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Count, DateTimeField, F, QuerySet, Sum, Value
from django.db.models.functions import TruncDate
from django.utils import formats, timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from oda_portal.accounts.areas import areas_of, within
from oda_portal.drawing.charts import Bar, Said, columns_chart

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

DAYS = 30
KEPT = 300  # seconds


@dataclass(frozen=True)
class Series:
    """Rows by the day of a column, a date or a time; `total` names a column to add up instead."""

    label: str | Promise
    rows: Callable[[], QuerySet[Any]]
    at: str
    total: str = ""

    def by_day(self, key: str, first: date, user: User) -> QuerySet[Any, Any]:
        """Those of the kinds of programme that the person works on."""
        # A manager of translated models would give the columns in an order of its own.
        asked = self.rows().order_by()
        asked = asked.filter(within(user, asked.model))
        rows: QuerySet[Any] = QuerySet(model=asked.model, query=asked.query.chain())
        is_time = isinstance(rows.model._meta.get_field(self.at), DateTimeField)
        since = timezone.make_aware(datetime.combine(first, time())) if is_time else first
        number = Sum(self.total) if self.total else Count("pk")
        return (
            rows.filter(**{f"{self.at}__gte": since})
            .annotate(which=Value(key), on_day=TruncDate(self.at) if is_time else F(self.at))
            .values("which", "on_day")
            .annotate(number=number)
            .values_list("which", "on_day", "number")
        )


@dataclass(frozen=True)
class Chart:
    """One picture of at most two series, for whoever may see what it counts.

    `url` is the list of what is counted, if there is one.
    """

    name: str
    title: str | Promise
    series: Sequence[Series]
    may_see: Callable[[User], bool]
    url: Callable[[], str] | None = None


@dataclass(frozen=True)
class Drawn:
    """A chart as the page shows it: sums, picture, and the table of days that have something."""

    chart: Chart
    url: str
    sums: list[tuple[str, int]]
    rows: list[tuple[date, list[int]]]
    picture: SafeString | str


_charts: list[Chart] = []


def register(chart: Chart) -> None:
    _charts.append(chart)


def charts_for(user: User, today: date | None = None) -> list[Drawn]:
    shown = [chart for chart in _charts if chart.may_see(user)]
    if not shown:
        return []
    last = today or timezone.localdate()
    days = [last - timedelta(days=back) for back in reversed(range(DAYS))]
    kinds = ",".join(sorted(areas_of(user) or ()))
    counts = cache.get_or_set(f"desk:days:{last}:{kinds}", lambda: _counted(days[0], user), KEPT)
    return [_drawn(chart, counts or {}, days) for chart in shown]


def _counted(first: date, user: User) -> dict[tuple[str, date], int]:
    """By the key of the series and the day."""
    parts = [
        series.by_day(_key(chart, number), first, user)
        for chart in _charts
        for number, series in enumerate(chart.series)
    ]
    rows = parts[0].union(*parts[1:], all=True)
    return {(key, day): number for key, day, number in rows}


def _key(chart: Chart, number: int) -> str:
    return f"{chart.name}.{number}"


def _drawn(chart: Chart, counts: dict[tuple[str, date], int], days: list[date]) -> Drawn:
    keys = [_key(chart, number) for number in range(len(chart.series))]
    rows = [(day, [counts.get((key, day), 0) for key in keys]) for day in days]
    sums = [sum(numbers) for numbers in zip(*(numbers for _day, numbers in rows), strict=True)]
    labels = [str(series.label) for series in chart.series]
    bars = [
        Bar(str(day.day), tuple(numbers), number_format(sum(numbers), force_grouping=True))
        for day, numbers in rows
    ]
    words = Said(str(chart.title), _told(labels, sums, days), tuple(labels))
    return Drawn(
        chart,
        chart.url() if chart.url else "",
        list(zip(labels, sums, strict=True)),
        [(day, numbers) for day, numbers in reversed(rows) if any(numbers)],
        columns_chart(f"days-{chart.name}", words, bars) if any(sums) else "",
    )


def _told(labels: list[str], sums: list[int], days: list[date]) -> str:
    """What the picture shows, for who does not see it."""
    first, last = (formats.date_format(day, "DATE_FORMAT") for day in (days[0], days[-1]))
    numbers = ", ".join(f"{label}: {number}" for label, number in zip(labels, sums, strict=True))
    words = {"first": first, "last": last, "numbers": numbers}
    return _("Day by day from %(first)s to %(last)s. In all: %(numbers)s.") % words
