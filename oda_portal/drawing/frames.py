"""The sheets of an atlas: the world as seen from the home city, and closer views of its regions.

All have the same square box. Land is a picture without words or places, the same for everybody;
what lies on it is laid over it by the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from . import outlines
from .geometry import EARTH_RADIUS_KM, POLE, XY, Point, Vector, cross, north_at, vector
from .maps import BORDER_SHARE, RIPPLES_KM, TOLERANCES, WORLD, land_path, view_over, world_view
from .plane import Box, line_path
from .projection import Azimuthal
from .regions import mark_of

BOX: Box = WORLD
FRAME_BYTES = 14_000
# Detail of the countries that are marked: on the world they are small and many.
WORLD_TOLERANCE, FRAME_TOLERANCE = 30, 16
# A place beyond the sheet is marked this far inside its edge.
INSET = 26
SEA, LAND, BORDER, RIPPLE = "#062a6e", "#346fb2", "#1d4f94", "#86aff9"
RIPPLE_STEPS = 120


class Frame(NamedTuple):
    """What a sheet shows: its middle, and how wide it is there."""

    middle: Point
    width_km: int


FRAMES = {
    "east-asia": Frame(Point(115, 35), 5400),
    "south-east-asia": Frame(Point(112, 8), 5400),
    "south-asia": Frame(Point(78, 21), 4600),
    "central-asia": Frame(Point(84, 54), 8600),
    "middle-east-africa": Frame(Point(21, 4), 9400),
    "europe": Frame(Point(13, 52), 4600),
    "north-america": Frame(Point(-104, 47), 7600),
    "latin-america": Frame(Point(-79, -11), 10_400),
    "oceania": Frame(Point(157, -22), 8400),
}


@dataclass(frozen=True)
class Sheet:
    """One map of the atlas: a frame by its name, or the world (`""`), seen from the home city."""

    name: str
    home: Point

    @property
    def view(self) -> Azimuthal:
        return _view(self.name, self.home)

    @property
    def is_world(self) -> bool:
        return not self.name

    def at(self, place: Point) -> XY:
        """Where a place lies; one beyond the sheet is marked at its edge, in its direction."""
        at = self.view.project(vector(place))
        return at if self.is_world else _held(at)

    def at_country(self, numeric: str) -> XY | None:
        """The middle of a country (ISO 3166-1 number) as it is drawn; None without an outline."""
        return _country_at(self.name, self.home, numeric)

    def shows(self, place: Point) -> bool:
        inside = self.view.shows(vector(place))
        return inside and BOX.holds(self.view.project(vector(place)))

    def outline(self, numeric: str) -> str:
        """Path data of a country; empty without an outline."""
        return _outline(self.name, self.home, numeric)


@lru_cache(maxsize=32)
def _view(name: str, home: Point) -> Azimuthal:
    if not name:
        return world_view(home)
    frame = FRAMES[name]
    scale = BOX.width * EARTH_RADIUS_KM / frame.width_km
    return view_over(vector(frame.middle), scale=scale, box=BOX, up=POLE)


@lru_cache(maxsize=1024)
def _country_at(name: str, home: Point, numeric: str) -> XY | None:
    country = outlines.country(numeric)
    return _held(mark_of(country, _view(name, home), BOX).at) if country else None


@lru_cache(maxsize=1024)
def _outline(name: str, home: Point, numeric: str) -> str:
    country = outlines.country(numeric)
    tolerance = FRAME_TOLERANCE if name else WORLD_TOLERANCE
    return land_path(country.rings, _view(name, home), BOX, tolerance) if country else ""


@lru_cache(maxsize=16)
def frame_base(name: str, home: Point) -> str:
    """The land of a region, with circles at 1,000 to 10,000 km round the home city."""
    view = _view(name, home)
    for tolerance in TOLERANCES:
        svg = _base(view, home, tolerance)
        if len(svg) < FRAME_BYTES:
            break
    return svg


def _base(view: Azimuthal, home: Point, tolerance: float) -> str:
    w, h = BOX
    land = land_path(outlines.land(), view, BOX, tolerance)
    borders = (
        way for line in outlines.borders() for way in view.ways(line, BORDER_SHARE * tolerance)
    )
    ripples = (
        way for km in RIPPLES_KM for way in _shown(_circle(home, km / EARTH_RADIUS_KM), view)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}">'
        f'<path fill="{SEA}" d="M0 0h{w}v{h}H0z"/>'
        f'<path fill="{LAND}" fill-rule="evenodd" d="{land}"/>'
        f'<path fill="none" stroke="{BORDER}" stroke-width="2" stroke-linejoin="round"'
        f' d="{line_path(borders, BOX)}"/>'
        f'<path fill="none" stroke="{RIPPLE}" stroke-opacity=".5" stroke-width="2"'
        f' stroke-dasharray="2 9" stroke-linecap="round" d="{line_path(ripples, BOX)}"/></svg>'
    )


def _circle(home: Point, turn: float) -> Iterator[Vector]:
    """The places at this angle from home, once round."""
    centre = vector(home)
    north = north_at(centre)
    east = cross(north, centre)
    near, far = math.cos(turn), math.sin(turn)
    for step in range(RIPPLE_STEPS + 1):
        way = 2 * math.pi * step / RIPPLE_STEPS
        up, right = far * math.cos(way), far * math.sin(way)
        x, y, z = (
            near * c + up * n + right * e for c, n, e in zip(centre, north, east, strict=True)
        )
        yield x, y, z


def _shown(places: Iterable[Vector], view: Azimuthal) -> list[list[XY]]:
    """A line on the globe as the pieces of it that the view shows."""
    pieces: list[list[XY]] = [[]]
    for place in places:
        if view.shows(place):
            pieces[-1].append(view.project(place))
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if len(piece) > 1]


def _held(at: XY) -> XY:
    x, y = at
    return (
        max(INSET, min(x, BOX.width - INSET)),
        max(INSET, min(y, BOX.height - INSET)),
    )
