"""The world seen from the home city, and the way from home to a partner city.

Every map is a function of coordinates alone; which city is home is data.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from . import outlines
from .flat import Flat
from .geometry import (
    EARTH_RADIUS_KM,
    NOWHERE,
    XY,
    Line,
    Point,
    Vector,
    angle,
    midpoint,
    north_at,
    tangent,
    vector,
)
from .labels import Label, Spot, place_labels
from .outlines import Country
from .plane import MARGIN, Box, fill_path, line_path
from .projection import Azimuthal

# What is drawn asks the same of both.
View = Azimuthal | Flat

SEA, LAND, PAPER = "#b9d2f7", "#f1f5fc", "#ecf2fe"
CHOSEN, WAY, PIN = "#86aff9", "#0b50d0", "#d63d4a"

WORLD = Box(1280, 1280)
WORLD_RADIUS = 620
WORLD_REACH = math.radians(129)
# Near places are drawn larger, so that a dense neighbourhood has room.
WORLD_LENS = 0.74
WORLD_BYTES = 11_000
RIPPLES_KM = (1000, 2500, 5000, 10000)

LOCATOR = Box(960, 540)
LOCATOR_BYTES = 6_000
LOCATOR_LETTERS = 30
# Beyond this angle the plain map distorts too much to be worth drawing: it ends in a round rim.
FAR = math.radians(125)
# The outlines are coarse; a map of less than this width would show their corners.
LEAST_WIDTH_KM = 1900
CLOSEST = LOCATOR.width * EARTH_RADIUS_KM / LEAST_WIDTH_KM
# Triangles in square pixels that are left out of a map, tried in turn until it is light enough.
TOLERANCES = (2, 4, 7, 11, 16, 24)
# A map that reaches this far is never light enough at the first of them: it starts at the fourth.
WIDE, WIDE_START = 1.0, 3
# Borders matter less than coasts: as many times more of them may be left out.
BORDER_SHARE = 3


def world_view(home: Point) -> Azimuthal:
    """The projection of `world_base`."""
    scale = WORLD_RADIUS / (2 * math.sin(WORLD_REACH / 2))
    return Azimuthal.over(
        vector(home), scale=scale, middle=WORLD.middle, reach=WORLD_REACH, lens=WORLD_LENS
    )


def world_points(home: Point, places: Iterable[Point]) -> list[tuple[float, float, bool]]:
    """Where places lie on `world_base`: x, y, and whether the map reaches so far.

    Places beyond it lie on the rim, in their true direction.
    """
    view = world_view(home)
    found = []
    for place in map(vector, places):
        x, y = view.project(place)
        found.append((round(x, 1), round(y, 1), view.shows(place)))
    return found


@lru_cache(maxsize=4)
def world_base(home: Point) -> str:
    """The world with home in its middle: true directions, ripples at 1,000 to 10,000 km."""
    view = world_view(home)
    for tolerance in TOLERANCES:
        land = land_path(outlines.land(), view, WORLD, tolerance)
        if len(land) < WORLD_BYTES:
            break
    x, y = (round(value) for value in view.middle)
    circle = f'<circle cx="{x}" cy="{y}" r="%d"'
    ripples = "".join(f"{circle % view.radius_at(km / EARTH_RADIUS_KM)}/>" for km in RIPPLES_KM)
    rim = circle % WORLD_RADIUS
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WORLD.width} {WORLD.height}">'
        f'<clipPath id="d">{circle % (WORLD_RADIUS - 1)}/></clipPath>'
        f'{rim} fill="#083891" fill-opacity=".55"/>'
        f'<path clip-path="url(#d)" fill="#346fb2" fill-rule="evenodd" d="{land}"/>'
        '<g fill="none" stroke="#86aff9" stroke-opacity=".5" stroke-width="2"'
        f' stroke-dasharray="2 9" stroke-linecap="round">{ripples}</g>'
        f'{rim} fill="none" stroke="#4c87f6" stroke-width="3"/></svg>'
    )


# --- what locators and regions have in common --------------------------------------------------


def land_path(rings: Sequence[Line], view: View, box: Box, tolerance: float) -> str:
    """Path data of rings; the coarser the map, the larger an island has to be to stay."""
    shapes = (shape for ring in rings for shape in view.contours(ring, tolerance))
    return fill_path(shapes, box, 10 + 2 * tolerance)


def fills(view: View, box: Box) -> bool:
    """Whether a map fills its box; otherwise it is round, and the corners are empty."""
    return view.rim > math.hypot(*box.middle)


def view_over(centre: Vector, *, scale: float, box: Box, up: Vector) -> Azimuthal:
    """A map that fills its box, or, where that would reach too far, is round."""
    corner = math.hypot(*box.middle) + 2 * MARGIN
    full = 2 * scale * math.sin(FAR / 2)
    reach = FAR if corner > full else 2 * math.asin(corner / (2 * scale))
    return Azimuthal.over(centre, scale=scale, middle=box.middle, up=up, reach=reach)


def map_svg(view: View, box: Box, most: int, draw: Callable[[float], str], over: str) -> str:
    """A map in as much detail as `most` bytes hold, or in the least detail.

    On sea and land lies what `draw` makes for the tolerance that the land is drawn at, and
    `over` all the marks.
    """
    svg = ""
    for tolerance in TOLERANCES[WIDE_START if view.reach > WIDE else 0 :]:
        svg = _sheet(view, box, f"{_ground(view, box, tolerance)}{draw(tolerance)}", over)
        if len(svg) < most:
            break
    return svg


def _ground(view: View, box: Box, tolerance: float) -> str:
    land = land_path(outlines.land(), view, box, tolerance)
    ways = (way for line in outlines.borders() for way in view.ways(line, BORDER_SHARE * tolerance))
    return (
        f'<path fill="{LAND}" fill-rule="evenodd" d="{land}"/>'
        f'<path fill="none" stroke="{SEA}" stroke-width="2" stroke-linejoin="round"'
        f' d="{line_path(ways, box)}"/>'
    )


def _sheet(view: View, box: Box, drawn: str, over: str) -> str:
    """The sea under what is drawn: the whole box, or a round map on the paper."""
    w, h = box
    paper = f'd="M0 0h{w}v{h}H0z"/>'
    if fills(view, box):
        ground = f'<path fill="{SEA}" {paper}{drawn}'
    else:
        circle = f'<circle cx="{w / 2:g}" cy="{h / 2:g}" r="{view.rim - 2:.0f}"'
        ground = (
            f'<path fill="{PAPER}" {paper}{circle} fill="{SEA}"/>'
            f'<clipPath id="d">{circle}/></clipPath><g clip-path="url(#d)">{drawn}</g>'
            f'{circle} fill="none" stroke="{CHOSEN}" stroke-width="3"/>'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}">{ground}{over}</svg>'


def marked(country: Country, view: View, box: Box, tolerance: float, colour: str) -> str:
    """A country in its colour, set off from the land by a line of the land's."""
    path = land_path(country.rings, view, box, tolerance)
    return (
        f'<path fill="{colour}" fill-rule="evenodd" stroke="{LAND}" stroke-width="3"'
        f' stroke-linejoin="round" d="{path}"/>'
    )


def way_path(path: str) -> str:
    return (
        f'<path fill="none" stroke="{WAY}" stroke-width="3" stroke-dasharray="3 10"'
        f' stroke-linecap="round" d="{path}"/>'
    )


def home_mark(home: XY) -> str:
    x, y = (round(value) for value in home)
    return f'<circle cx="{x}" cy="{y}" r="10" fill="#fff" stroke="{WAY}" stroke-width="5"/>'


# --- the way from home to a place ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Locator:
    """The way from home to a place; where both are the same, `home_xy` is under the pin."""

    svg: str
    home_xy: XY
    place_xy: XY
    same_place: bool
    box: Box = LOCATOR

    def labels(self, place_name: str, home_name: str, size: int = LOCATOR_LETTERS) -> list[Label]:
        (x, y), (home_x, home_y) = self.place_xy, self.home_xy
        way = (x - home_x, y - home_y)
        spots = [Spot(place_name, self.place_xy, "place", clear=20, away=way)]
        if not self.same_place:
            spots.append(Spot(home_name, self.home_xy, "home", clear=14, away=(-way[0], -way[1])))
        return place_labels(spots, self.box, size)


@lru_cache(maxsize=256)
def locator(place: Point, home: Point, country_numeric: str | None = None) -> Locator:
    """The way from home to a place, its country marked (ISO 3166-1 number, three digits).

    A country without an outline is not marked; the pin always shows the place.
    """
    view = _locator_view(vector(place), vector(home))
    place_xy, home_xy = view.project(vector(place)), view.project(vector(home))
    same_place = angle(vector(place), vector(home)) < NOWHERE
    country = outlines.country(country_numeric) if country_numeric else None

    def on_land(tolerance: float) -> str:
        chosen = marked(country, view, LOCATOR, tolerance, CHOSEN) if country else ""
        return f"{chosen}{_ripples(place_xy)}"

    over = _pin(place_xy) if same_place else f"{_way(home_xy, place_xy)}{_pin(place_xy)}"
    svg = map_svg(view, LOCATOR, LOCATOR_BYTES, on_land, over)
    return Locator(svg, home_xy, place_xy, same_place)


def _locator_view(place: Vector, home: Vector) -> Azimuthal:
    """Half-way between; up is what is north to both, so that a way over a pole lies level."""
    centre = midpoint(place, home)
    north = [sum(axis) for axis in zip(north_at(place), north_at(home), strict=True)]
    up = tangent((north[0], north[1], north[2]), centre)
    if math.hypot(*up) < 0.01:
        up = north_at(centre)
    plain = Azimuthal.over(centre, up=up)
    (x, y), (home_x, home_y) = plain.project(place), plain.project(home)
    across, down = abs(x - home_x), abs(y - home_y)
    scale = min(
        CLOSEST,
        0.46 * LOCATOR.width / max(across, NOWHERE),
        0.6 * LOCATOR.height / max(down, NOWHERE),
    )
    return view_over(centre, scale=scale, box=LOCATOR, up=up)


def _ripples(place: XY) -> str:
    x, y = (round(value) for value in place)
    circles = "".join(
        f'<circle cx="{x}" cy="{y}" r="{radius}" stroke-opacity="{opacity}"/>'
        for radius, opacity in ((36, ".6"), (72, ".45"), (120, ".3"), (180, ".15"))
    )
    return f'<g fill="none" stroke="{WAY}" stroke-width="2">{circles}</g>'


def _way(home: XY, place: XY) -> str:
    """The way, which is straight since the map's centre lies on it, and the mark of home."""
    (x, y), (to_x, to_y) = ((round(a), round(b)) for a, b in (home, place))
    return f"{way_path(f'M{x} {y}L{to_x} {to_y}')}{home_mark(home)}"


def _pin(place: XY) -> str:
    x, y = (round(value) for value in place)
    return f'<circle cx="{x}" cy="{y}" r="15" fill="{PIN}" stroke="#fff" stroke-width="5"/>'
