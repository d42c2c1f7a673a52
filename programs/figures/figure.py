"""What a figure is: a table whose numbers lead to their rows, and the chart that draws it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oda_portal.drawing.charts import Bar, Said, columns_chart, rows_chart
from oda_portal.publishing.texts import text_in

from .chosen import Chosen

Words: TypeAlias = "str | Promise"
# The code of a line for what is not known.
UNKNOWN = "unknown"
# Lines of years that stand in one table; what is longer goes on in another beside it.
TALLEST = 9
# How many tables there is room for, by their columns of numbers.
SIDE_BY_SIDE = {1: 3, 2: 2}
# Years without anything stand in a chart as gaps, up to so many in all.
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Number:
    """`value` is None where nobody knows; `about` where one of its parts is approximate."""

    value: int | None
    url: str = ""
    about: bool = False

    @classmethod
    def leading_to(cls, url: str, value: int | None, *, about: bool = False) -> Number:
        """A number with its rows; where there are none, there is nowhere to go."""
        return cls(value, url if value else "", about)

    @property
    def text(self) -> str:
        """In the page's language."""
        if self.value is None:
            return "–"
        shown = number_format(self.value, force_grouping=True)
        return pgettext("number", "about %(n)s") % {"n": shown} if self.about else shown


@dataclass(frozen=True)
class Line:
    """`of` has a translated name, where `label` is not one of some fixed words.

    `is_open`: the first number would be larger if all were known.
    """

    code: str
    numbers: tuple[Number, ...]
    label: Words = ""
    of: Any = None
    is_open: bool = False

    @property
    def name(self) -> str:
        """In the active language."""
        return text_in(self.of, "name").text if self.of is not None else str(self.label)


@dataclass(frozen=True)
class Measure:
    """A column of numbers: `name` in files, `label` over the table.

    `is_gap`: it counts what is missing, and is not needed where nothing is.
    """

    name: str
    label: Words
    is_gap: bool = False

    def is_needed(self, values: Iterable[int | None]) -> bool:
        return any(values) if self.is_gap else any(value is not None for value in values)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`about` says in sentences what is counted, and what is not.

    The chart draws the first measure, or the first `series` of them on one another. `upright`:
    the lines are years.
    """

    name: str
    title: Words
    about: Words
    head: Words
    measures: tuple[Measure, ...]
    lines: Callable[[Chosen], list[Line]]
    upright: bool = False
    series: int = 1
    # In a sentence, what has no line: “” where there is nothing of the kind.
    rest: Callable[[Chosen], str] | None = None
    # Whether the filters of programmes have something to say of it.
    is_filtered: bool = True


class Shown:
    """A figure with its numbers, for a page."""

    def __init__(self, figure: Figure, chosen: Chosen) -> None:
        self.figure = figure
        self.lines = figure.lines(chosen)
        self.rest = figure.rest(chosen) if figure.rest else ""

    def __bool__(self) -> bool:
        return bool(self.lines or self.rest)

    @cached_property
    def measures(self) -> list[tuple[int, Measure]]:
        """Without columns in which nothing stands."""
        return [
            (place, measure)
            for place, measure in enumerate(self.figure.measures)
            if measure.is_needed([line.numbers[place].value for line in self.lines])
        ]

    @property
    def heads(self) -> list[str]:
        return [str(measure.label) for _place, measure in self.measures]

    @property
    def tables(self) -> list[list[tuple[Line, list[Number]]]]:
        """One table, or for many years as many as find room beside one another."""
        rows = [
            (line, [line.numbers[place] for place, _measure in self.measures])
            for line in self.lines
        ]
        room = SIDE_BY_SIDE.get(len(self.measures), 1) if self.figure.upright else 1
        parts = max(1, min(room, math.ceil(len(rows) / TALLEST)))
        height = math.ceil(len(rows) / parts)
        return [rows[start : start + height] for start in range(0, len(rows), height)]

    @property
    def chart(self) -> SafeString:
        figure = self.figure
        series = tuple(str(each.label) for each in figure.measures[: figure.series])
        bars = [_bar(line, figure.series) for line in self.lines]
        words = Said(str(figure.title), self._in_a_sentence(), series)
        if not figure.upright:
            return rows_chart(f"c-{figure.name}", words, bars)
        return columns_chart(f"c-{figure.name}", words, _with_gaps(bars))

    def _in_a_sentence(self) -> str:
        measured = str(self.figure.measures[0].label)
        most = max(self.lines, key=lambda line: line.numbers[0].value or 0)
        return _("%(measure)s: the most in “%(label)s” (%(n)s). All numbers are in the table.") % {
            "measure": measured,
            "label": most.name,
            "n": most.numbers[0].text,
        }


def _bar(line: Line, series: int) -> Bar:
    values = tuple(number.value or 0 for number in line.numbers[:series])
    text = number_format(sum(values), force_grouping=True)
    if any(number.about for number in line.numbers[:series]):
        text = f"≈{text}"
    if line.is_open:
        text = f"{text}+" if sum(values) else "?"
    return Bar(line.name, values, text, line.is_open)


def _with_gaps(bars: list[Bar]) -> list[Bar]:
    """Every year from the first to the last; what has no year stands after them."""
    dated = {int(bar.label): bar for bar in bars if bar.label.isdecimal()}
    if not dated or max(dated) - min(dated) > LONGEST:
        return bars
    width = len(next(iter(dated.values())).values)
    years = [
        dated.get(year, Bar(str(year), (0,) * width, "0"))
        for year in range(min(dated), max(dated) + 1)
    ]
    return [*years, *(bar for bar in bars if not bar.label.isdecimal())]


def most_first(lines: Iterable[Line]) -> list[Line]:
    """The largest first; what is not known comes last."""
    return sorted(
        lines, key=lambda line: (line.code == UNKNOWN, -(line.numbers[0].value or 0), line.code)
    )
