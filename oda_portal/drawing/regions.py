"""A map of the countries of a programme, for its detail page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from . import outlines
from .flat import Flat
from .geometry import (
    EARTH_RADIUS_KM,
    NOWHERE,
    POLE,
    XY,
    Point,
    Vector,
    great_circle,
    unit,
    vector,
)
from .labels import Label, Spot, place_labels, text_width
from .maps import LAND, WAY, View, fills, home_mark, map_svg, marked, view_over, way_path
from .outlines import Country
from .plane import Box, clipped, line_path, signed_area
from .projection import Azimuthal

REGION = Box(960, 411)
REGION_BYTES = 8_000
REGION_LETTERS = 20
AMBER, INK = "#ffb114", "#03163a"
# A country smaller than this on the map, in square pixels, also gets a dot.
TINY = 150
DOT_RADIUS = 7
# What is to be seen takes up this much of the box.
FILL = 0.8
# The outlines are coarse; a map of less than this width would show their corners.
CLOSEST = REGION.width * EARTH_RADIUS_KM / 2400
# Vertices that matter for the span; in steradians, about 400 square kilometres.
COARSE = 1e-5


class Mark(NamedTuple):
    """Where a country lies on the map, how wide it is there, and whether it is drawn as a dot."""

    at: XY
    width: float
    is_dot: bool


@dataclass(frozen=True, slots=True)
class Region:
    """A drawn map of countries.

    `marks` are by country number, the widest first. `missing` are the countries that could not
    be shown: without outline and coordinate, or at a pole that a level map leaves out.
    """

    svg: str
    marks: Mapping[str, Mark]
    missing: tuple[str, ...]
    pin_xy: XY | None
    home_xy: XY | None
    box: Box = REGION

    def labels(
        self,
        names: Mapping[str, str],
        pin_name: str = "",
        home_name: str = "",
        size: int = REGION_LETTERS,
    ) -> list[Label]:
        """Places for names: by country number, of the pin, and of home where it is on the map.

        Where there is room for neither a name nor a line to it, it is left out: the page lists all.
        """
        spots = []
        if self.pin_xy:
            spots.append(Spot(pin_name, self.pin_xy, "pin", clear=18))
        if self.home_xy:
            spots.append(Spot(home_name, self.home_xy, "home", clear=14))
        for numeric, mark in self.marks.items():
            name = names.get(numeric, "")
            # A name that is not much wider than its country stands on it, others beside it.
            fits = text_width(name, size) < 1.25 * mark.width
            clear = 0 if fits else max(DOT_RADIUS + 2, 0.45 * mark.width)
            spots.append(Spot(name, mark.at, "country", clear))
        return place_labels(spots, self.box, size)


def region(
    countries: Sequence[str],
    *,
    home: Point,
    pin: Point | None = None,
    fallbacks: Mapping[str, Point] | None = None,
) -> Region:
    """A map on which countries (ISO 3166-1 numbers, three digits) are marked, and a pin.

    It covers the body of every country; overseas parts may lie outside. A country without an
    outline (a small island) is a dot at its coordinate in `fallbacks`.
    """
    numbers = tuple(dict.fromkeys(countries))
    known = tuple((n, place) for n, place in (fallbacks or {}).items() if n in numbers)
    return _region(numbers, home, pin, known)


@lru_cache(maxsize=256)
def _region(
    numbers: tuple[str, ...],
    home: Point,
    pin: Point | None,
    fallbacks: tuple[tuple[str, Point], ...],
) -> Region:
    found = {n: country for n in numbers if (country := outlines.country(n))}
    islands = {n: vector(place) for n, place in fallbacks if n not in found}
    view = _view(_extent(found.values(), islands.values(), pin) or [vector(home)])
    marks = {n: mark_of(country, view) for n, country in found.items()}
    marks |= {n: Mark(view.project(place), 0, True) for n, place in islands.items()}
    marks = {n: mark for n, mark in marks.items() if REGION.holds(mark.at)}

    def on_land(tolerance: float) -> str:
        # Finer than the land around: on a wide map these are small and matter most.
        return "".join(marked(c, view, REGION, tolerance / 4, WAY) for c in found.values())

    dots = "".join(_dot(mark.at) for mark in marks.values() if mark.is_dot)
    return Region(
        svg=map_svg(view, REGION, REGION_BYTES, on_land, dots + _way(view, pin, home)),
        marks=dict(sorted(marks.items(), key=lambda item: -item[1].width)),
        missing=tuple(n for n in numbers if n not in marks),
        pin_xy=view.project(vector(pin)) if pin else None,
        home_xy=_home_xy(view, pin, home),
    )


def _extent(
    countries: Iterable[Country], islands: Iterable[Vector], pin: Point | None
) -> list[Vector]:
    """What the map has to show."""
    places = [
        vertex[:3]
        for country in countries
        for ring in country.body
        for vertex in ring.vertices
        if vertex[3] > COARSE
    ]
    return [*places, *islands, *([vector(pin)] if pin else [])]


def _view(places: Sequence[Vector]) -> View:
    """The map that holds all places, as close as can be, with its centre in the middle of them.

    Places too far apart for an azimuthal map that fills the box are shown on a level one.
    """
    sums = [math.fsum(axis) for axis in zip(*places, strict=True)]
    centre = unit((sums[0], sums[1], sums[2])) if math.hypot(*sums) > NOWHERE else places[0]
    for _ in range(4):
        plain = Azimuthal.over(centre)
        points = [plain.project(place) for place in places]
        (left, right), (top, bottom) = (
            (min(axis), max(axis)) for axis in zip(*points, strict=True)
        )
        centre = plain.place_at(((left + right) / 2, (top + bottom) / 2))
    scale = min(
        CLOSEST,
        FILL * REGION.width / max(right - left, NOWHERE),
        FILL * REGION.height / max(bottom - top, NOWHERE),
    )
    view = view_over(centre, scale=scale, box=REGION, up=POLE)
    return view if fills(view, REGION) else Flat.around(places, REGION, FILL)


def mark_of(country: Country, view: View, box: Box = REGION) -> Mark:
    """The middle of the widest level line through the largest part of a country."""
    shapes = (clipped(shape, box) for shape in view.contours(country.body[0], 1))
    shape = max(shapes, key=lambda shape: abs(signed_area(shape)), default=[])
    if not shape:
        return Mark(view.project(country.body[0].centre), 0, True)
    top, bottom = min(y for _, y in shape), max(y for _, y in shape)
    width, at = max(
        (right - left, ((left + right) / 2, y))
        for y in (top + (bottom - top) * share for share in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8))
        for left, right in _chords(shape, y)
    )
    return Mark(at, width, abs(signed_area(shape)) < TINY)


def _chords(shape: Sequence[XY], y: float) -> list[XY]:
    """From where to where a level line runs inside a shape."""
    crossings = sorted(
        x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in zip([shape[-1], *shape[:-1]], shape, strict=True)
        if (y1 > y) != (y2 > y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=True))


def _home_xy(view: View, pin: Point | None, home: Point) -> XY | None:
    """Where the mark of home lies: none off the map or right under the pin."""
    at = view.project(vector(home))
    hidden = pin and math.dist(at, view.project(vector(pin))) < 20
    return at if view.shows(vector(home)) and REGION.holds(at) and not hidden else None


def _dot(at: XY) -> str:
    x, y = (round(value) for value in at)
    look = f'r="{DOT_RADIUS}" fill="{WAY}" stroke="{LAND}" stroke-width="3"'
    return f'<circle cx="{x}" cy="{y}" {look}/>'


def _way(view: View, pin: Point | None, home: Point) -> str:
    """The way from the pin towards home, and both marks."""
    mark = home_mark(at) if (at := _home_xy(view, pin, home)) else ""
    if not pin:
        return mark
    path = line_path(_ways(view, great_circle(vector(pin), vector(home), 24)), REGION)
    x, y = (round(value) for value in view.project(vector(pin)))
    ripples = "".join(f'<circle cx="{x}" cy="{y}" r="{radius}"/>' for radius in (34, 62))
    return (
        f"{way_path(path) if path else ''}{mark}"
        f'<g fill="none" stroke="#fff" stroke-opacity=".8" stroke-width="2">{ripples}</g>'
        f'<circle cx="{x}" cy="{y}" r="14" fill="{AMBER}" stroke="{INK}" stroke-width="4"/>'
    )


def _ways(view: View, places: Iterable[Vector]) -> list[list[XY]]:
    """A way as the map shows it: broken where it leaves the map or jumps to its other edge."""
    ways: list[list[XY]] = [[]]
    for place in places:
        at = view.project(place)
        jumps = ways[-1] and abs(at[0] - ways[-1][-1][0]) > REGION.width / 2
        if jumps or not view.shows(place):
            ways.append([])
        if view.shows(place):
            ways[-1].append(at)
    return ways
