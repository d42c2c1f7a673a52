"""Bar charts as SVG that stands in a page: colours and letters are the stylesheet's.

A chart is a picture of a table that stands beside it and holds the links. What is drawn has no
colour alone: a second series is hatched, and what is left open, because more is not known, ends
in a dashed box. The attributes are those of a light page, for readers without the stylesheet.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

WIDTH = 480
# The height of letters on the narrowest phone, where the stylesheet makes them largest: the 288
# pixels that a chart has there make them twelve.
LETTERS = 20
# Widths of a bold figure, of a letter of an alphabet in a name and of one of any script, in letter
# heights.
FIGURE, NARROW, LETTER = 0.7, 0.6, 1.0
OPEN_WIDTH = 20
# Rows: the label over its bar.
ROW, BAR_TOP, BAR_HEIGHT = 52, 26, 14
# Columns: the room for what stands over them, the columns, and the labels below.
HEAD, PLOT, FOOT = 32, 180, 32
WIDEST = 44
LEGEND_LINE = 28
MOST_LINES = 4
# Every so many years are named.
EVERY = (1, 2, 5, 10, 20, 50)
INK, TRACK, LINE = "#0b50d0", "#ecf2fe", "#cdd1d5"


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the table.

    `text` is its sum in the page's language. `is_open`: there is more than the values say, and
    nobody knows how much.
    """

    label: str
    values: tuple[int, ...]
    text: str
    is_open: bool = False

    @property
    def total(self) -> int:
        return sum(self.values)


@dataclass(frozen=True, slots=True)
class Said:
    """What a chart says: its title, what it shows in a sentence, and the names of its series."""

    title: str
    text: str
    series: tuple[str, ...] = ()


def rows_chart(name: str, words: Said, bars: Sequence[Bar]) -> SafeString:
    """Bars from left to right, for names. `name` makes its ids the only ones on the page."""
    room = 14 + max((_width(bar.text) for bar in bars), default=0)
    longest = WIDTH - room - (OPEN_WIDTH if any(bar.is_open for bar in bars) else 0)
    most = max([1, *(bar.total for bar in bars)])
    solid, tracks, boxes, written = [], [], [], []
    for number, bar in enumerate(bars):
        top = number * ROW + BAR_TOP
        width = round(longest * bar.total / most) if bar.total else 0
        tracks.append(_box(0, top, WIDTH, BAR_HEIGHT))
        solid.append(_box(0, top, max(width, 3 if bar.total else 0), BAR_HEIGHT))
        if bar.is_open:
            boxes.append(_box(width + 2, top + 1, OPEN_WIDTH - 4, BAR_HEIGHT - 2))
        end = width + (OPEN_WIDTH if bar.is_open else 0) + 8
        written.append(f'<text y="{top - 7}">{escape(_cut(bar.label))}</text>')
        written.append(f'<text x="{end}" y="{top + 13}" class="n">{escape(bar.text)}</text>')
    drawn = (
        f'<path class="t" fill="{TRACK}" d="{"".join(tracks)}"/>'
        f'<path class="b" fill="{INK}" d="{"".join(solid)}"/>{_dashed(boxes)}{"".join(written)}'
    )
    return _chart(name, words, len(bars) * ROW - 6, drawn)


def columns_chart(name: str, words: Said, bars: Sequence[Bar]) -> SafeString:
    """Bars from the ground up, for years; several series stand on one another."""
    plot = Plot.of(bars, len(words.series))
    columns = _columns(bars, plot)
    drawn = (
        _grid(plot)
        + "".join(
            f'<path class="b" fill="{INK if not series else f"url(#{name}-2)"}" d="{path}"/>'
            for series, path in enumerate(columns)
            if path
        )
        + _dashed(_open_boxes(bars, plot))
        + _labels(bars, plot)
        + _legend(name, words.series)
    )
    return _chart(name, words, plot.ground + FOOT, drawn, hatched=len(words.series) > 1)


@dataclass(frozen=True, slots=True)
class Plot:
    """Where columns stand: lines of `step` each over the ground, and slots from the left."""

    step: int
    lines: int
    ground: int
    left: int
    slot: float

    @classmethod
    def of(cls, bars: Sequence[Bar], series: int) -> Plot:
        step, lines = scale(max((bar.total for bar in bars), default=0))
        left = round(_width(_ticked(step * lines)) + 8)
        # The last label may be wider than its column.
        wide = max((_width(bar.label) for bar in bars), default=0)
        slot = (WIDTH - left) / max(len(bars), 1)
        slot -= max(0, wide - slot) / 2 / max(len(bars), 1)
        legend = series * LEGEND_LINE if series > 1 else 0
        return cls(step, lines, HEAD + legend + PLOT, left, slot)

    @property
    def width(self) -> float:
        return min(0.7 * self.slot, WIDEST)

    def middle(self, number: int) -> float:
        return self.left + self.slot * (number + 0.5)

    def top(self, value: int) -> float:
        return self.ground - PLOT * value / (self.step * self.lines)


def scale(most: int) -> tuple[int, int]:
    """A round step between the lines of a chart, and how many of them hold `most`."""
    if most <= MOST_LINES:
        return 1, max(most, 1)
    power = 10 ** math.floor(math.log10(most / MOST_LINES))
    step = next(
        power * part for part in (1, 2, 5, 10) if math.ceil(most / (power * part)) <= MOST_LINES
    )
    return step, math.ceil(most / step)


def _columns(bars: Sequence[Bar], plot: Plot) -> list[str]:
    """The path of each series."""
    paths = ["" for _ in range(max((len(bar.values) for bar in bars), default=0))]
    for number, bar in enumerate(bars):
        x, foot = plot.middle(number) - plot.width / 2, 0
        for series, value in enumerate(bar.values):
            if value:
                low, high = plot.top(foot), plot.top(foot + value)
                paths[series] += _box(x, high, plot.width, low - high)
            foot += value
    return paths


def _open_boxes(bars: Sequence[Bar], plot: Plot) -> list[str]:
    return [
        _box(plot.middle(number) - plot.width / 2 + 1, plot.top(bar.total) - 12, plot.width - 2, 10)
        for number, bar in enumerate(bars)
        if bar.is_open
    ]


def _grid(plot: Plot) -> str:
    values = [number * plot.step for number in range(plot.lines + 1)]
    path = "".join(f"M{plot.left} {plot.top(value):.0f}H{WIDTH}" for value in values)
    written = "".join(
        f'<text x="{plot.left - 6}" y="{plot.top(value) + 6:.0f}">{_ticked(value)}</text>'
        for value in values
    )
    return f'<path class="g" stroke="{LINE}" d="{path}"/><g text-anchor="end">{written}</g>'


def _ticked(value: int) -> str:
    return number_format(value, force_grouping=True)


def _labels(bars: Sequence[Bar], plot: Plot) -> str:
    """Numbers over the columns where all find room, and labels below as many as find it."""
    widest = max((_width(bar.label) for bar in bars), default=0)
    every = next(step for step in EVERY if step * plot.slot >= widest + 6 or step == EVERY[-1])
    placed = [(round(plot.middle(number)), bar) for number, bar in enumerate(bars)]
    written = [
        f'<text x="{x}" y="{plot.ground + 24}">{escape(bar.label)}</text>'
        for x, bar in placed
        if not bar.label.isdecimal() or int(bar.label) % every == 0 or len(bars) == 1
    ]
    shown = [
        (x, round(plot.top(bar.total) - (18 if bar.is_open else 6)), bar.text)
        for x, bar in placed
        if bar.total or bar.is_open
    ]
    if all(_are_apart(one, other) for one, other in pairwise(shown)):
        written += [
            f'<text x="{x}" y="{y}" class="n">{escape(text)}</text>' for x, y, text in shown
        ]
    return f'<g text-anchor="middle">{"".join(written)}</g>'


def _are_apart(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Whether two texts, given by their middles and feet, leave each other room."""
    (x, y, text), (other_x, other_y, other_text) = one, other
    return abs(y - other_y) >= LETTERS or other_x - x >= (_width(text) + _width(other_text)) / 2


def _legend(name: str, series: Sequence[str]) -> str:
    if len(series) < 2:
        return ""
    return "".join(
        f'<path class="b" fill="{INK if not number else f"url(#{name}-2)"}"'
        f' d="{_box(0, LEGEND_LINE * number + 5, 16, 14)}"/>'
        f'<text x="26" y="{LEGEND_LINE * number + 19}">{escape(label)}</text>'
        for number, label in enumerate(series)
    )


def _chart(name: str, words: Said, height: int, drawn: str, *, hatched: bool = False) -> SafeString:
    pattern = (
        f'<pattern id="{name}-2" width="6" height="6" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><path class="t" fill="{TRACK}" d="M0 0h6v6H0z"/>'
        f'<path class="b" fill="{INK}" d="M0 0h3v6H0z"/></pattern>'
        if hatched
        else ""
    )
    return mark_safe(  # noqa: S308  (every word in it is escaped)
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-labelledby="{name}-t {name}-d" font-size="{LETTERS}">'
        f'<title id="{name}-t">{escape(words.title)}</title>'
        f'<desc id="{name}-d">{escape(words.text)}</desc>{pattern}{drawn}</svg>'
    )


def _dashed(boxes: Sequence[str]) -> str:
    if not boxes:
        return ""
    return (
        f'<path class="o" fill="none" stroke="{INK}" stroke-width="2" stroke-dasharray="3 3"'
        f' d="{"".join(boxes)}"/>'
    )


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"M{x:.4g} {y:.4g}h{width:.4g}v{height:.4g}h{-width:.4g}z"


def _cut(label: str) -> str:
    """As much of a label as one line holds; the table has all of it."""
    if _width(label, NARROW) <= WIDTH:
        return label
    while _width(label, NARROW) > WIDTH - LETTERS:
        label = label[:-1]
    return f"{label.rstrip()}…"


def _width(text: str, narrow: float = FIGURE) -> float:
    """How wide a text is at most: figures, signs and alphabets are narrow, other letters square."""
    return LETTERS * sum(
        LETTER if unicodedata.east_asian_width(character) in "WF" else narrow for character in text
    )
