"""Where the names on a map go: in the box, clear of the pins and of each other.

Names are not in the drawn files, which serve all languages. A page lays them over the picture with
`templates/drawing/labels.html`, in letters of the size that they were placed for.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal, NamedTuple

from .geometry import XY
from .plane import Box

Anchor = Literal["start", "middle", "end"]
# Directions in which a name may stand off its place, best first: right, left, then all round.
ROUND = (0, 180, 90, 270, 45, 135, 315, 225)
# How far away, in letter heights, a name may stand that is tied to its place by a line.
LEADS = (2.2, 3.4, 4.6, 6.0)
INSET = 6
# What the stylesheet draws round the letters, to either side, in letter heights.
HALO = 0.13
# So many of the names are also tried as the first to be placed.
FIRSTS = 8
# As bad as so many candidates tried in vain.
UNPLACED = 1000


@dataclass(frozen=True, slots=True)
class Spot:
    """Something on a map that has a name.

    `clear` is the radius of its mark; without a mark the name may stand on the place itself.
    `away` is the direction (in pixels) in which the name had better stand.
    """

    text: str
    at: XY
    kind: str
    clear: float = 0
    away: XY | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A placed name: attributes of an SVG text, and path data of the line to its place, if any."""

    text: str
    x: int
    y: int
    anchor: Anchor
    kind: str
    lead: str = ""


class Frame(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Frame) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def text_width(text: str, size: float) -> float:
    """How wide bold letters come out in the widest system font (DejaVu Sans), or a little wider."""
    return size * sum(_advance(letter) for letter in text)


def _advance(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in " .,'’ilj":
        return 0.38
    if letter in "frtI()-":
        return 0.5
    if letter in "mMwW":
        return 1.05
    return 0.82 if letter.isupper() else 0.71


def frame_of(label: Label, size: float) -> Frame:
    """What the letters and their halo cover."""
    width, halo = text_width(label.text, size), HALO * size
    left = label.x - {"start": 0.0, "middle": width / 2, "end": width}[label.anchor]
    top, bottom = label.y - 0.85 * size, label.y + 0.25 * size
    return Frame(left - halo, top - halo, left + width + halo, bottom + halo)


def place_labels(spots: Sequence[Spot], box: Box, size: float) -> list[Label]:
    """Place the names, the most important given first; one that finds no room is left out.

    A name in the way of the next is not moved again; instead the names are placed in several
    orders, and the order that leaves them nearest to their places wins.
    """
    named = [spot for spot in spots if spot.text]
    marks = [_mark(spot) for spot in spots if spot.clear]
    orders = (
        named,
        sorted(named, key=lambda spot: spot.at[0]),
        sorted(named, key=lambda spot: -spot.at[0]),
        sorted(named, key=lambda spot: spot.at[1]),
        sorted(named, key=lambda spot: -spot.at[1]),
        *([spot, *(other for other in named if other is not spot)] for spot in named[1:FIRSTS]),
    )
    return min((_placed(order, marks, box, size) for order in orders), key=itemgetter(0))[1]


def place_near(spots: Sequence[Spot], box: Box, size: float, *, led: int = 0) -> list[Label]:
    """Names that find room right beside their marks, in the order given; many, and quickly.

    The others are left out: where there are many names, lines to them would cover the map. Only
    the first `led` names may be tied to their places by a line.
    """
    named = [spot for spot in spots if spot.text]
    marks = [_mark(spot) for spot in spots if spot.clear]
    return _placed(named, marks, box, size, led=led)[1]


def _placed(
    spots: Sequence[Spot],
    marks: Sequence[Frame],
    box: Box,
    size: float,
    *,
    led: int | None = None,
) -> tuple[int, list[Label]]:
    """The labels in this order, and how much worse than the best each place is, taken together.

    Only the first `led` may be tied to their places by a line; without a number all may.
    """
    taken, labels, cost = list(marks), [], 0
    for index, spot in enumerate(spots):
        may_lead = led is None or index < led
        for rank, label in enumerate(_candidates(spot, size, led=may_lead)):
            frame = frame_of(label, size)
            if led is not None and label.lead and _runs_into(label.lead, marks, spot):
                continue
            if _inside(frame, box) and not any(frame.meets(other) for other in taken):
                labels.append(label)
                taken.append(frame)
                cost += rank
                break
        else:
            cost += UNPLACED
    return cost, labels


def _runs_into(lead: str, marks: Sequence[Frame], spot: Spot) -> bool:
    """Whether the line to a name crosses the mark of another place."""
    x1, y1, x2, y2 = (int(number) for number in re.findall(r"-?\d+", lead))
    own = _mark(spot)
    steps = [(x1 + (x2 - x1) * part / 8, y1 + (y2 - y1) * part / 8) for part in range(9)]
    return any(
        mark != own and mark.left < x < mark.right and mark.top < y < mark.bottom
        for mark in marks
        for x, y in steps
    )


def _mark(spot: Spot) -> Frame:
    (x, y), r = spot.at, spot.clear
    return Frame(x - r, y - r, x + r, y + r)


def _inside(frame: Frame, box: Box) -> bool:
    return box.holds((frame.left, frame.top), INSET) and box.holds(
        (frame.right, frame.bottom), INSET
    )


def _candidates(spot: Spot, size: float, *, led: bool) -> Iterator[Label]:
    if not spot.clear:
        x, y = spot.at
        yield Label(spot.text, round(x), round(y + 0.3 * size), "middle", spot.kind)
    directions = [math.radians(degrees) for degrees in ROUND]
    if spot.away:
        right, down = spot.away
        directions.sort(key=lambda turn: -(right * math.cos(turn) + down * math.sin(turn)))
    for turn in directions:
        yield _beside(spot, turn, spot.clear + 0.3 * size, size)
    for letters in LEADS if led else ():
        for step in range(16):
            yield _led(spot, math.radians(22.5 * step), letters * size, size)


def _beside(spot: Spot, turn: float, distance: float, size: float) -> Label:
    """The name at a distance from its place; above and below it is centred."""
    x = spot.at[0] + distance * math.cos(turn)
    y = spot.at[1] + distance * math.sin(turn)
    sideways = math.cos(turn)
    anchor: Anchor = "middle" if abs(sideways) < 0.5 else "start" if sideways > 0 else "end"
    # From the middle of the letters at the sides to their foot above and their head below.
    baseline = y + size * (0.3 + 0.5 * math.sin(turn))
    return Label(spot.text, round(x), round(baseline), anchor, spot.kind)


def _led(spot: Spot, turn: float, distance: float, size: float) -> Label:
    """As `_beside`, with a line that ends just short of the letters."""
    label = _beside(spot, turn, distance, size)
    ends = [(spot.clear, spot.at), (distance - 0.25 * size, spot.at)]
    (x1, y1), (x2, y2) = (
        (round(at[0] + far * math.cos(turn)), round(at[1] + far * math.sin(turn)))
        for far, at in ends
    )
    return Label(label.text, label.x, label.y, label.anchor, label.kind, f"M{x1} {y1}L{x2} {y2}")
