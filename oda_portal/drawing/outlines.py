"""Outlines of land and countries, decoded once, with a weight on every vertex.

The weight of a vertex is the area, on the globe, of what is lost when it is left out
(Visvalingam). The maps are equal-area, so one threshold in square pixels chooses the vertices
of a map before anything is projected.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

from .geometry import Line, Point, Vector, angle, dot, unit, vector
from .plane import signed_area
from .projection import Azimuthal
from .weights import weigh

SOURCE = Path(__file__).parent / "geo" / "countries-110m.json"
# A straight line in degrees is none on the globe; pieces of this length come near enough.
PIECE_DEGREES = 4
# An island belongs to the body of its country when it is near enough to the rest and not tiny.
BODY_GAP = math.radians(6)
BODY_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Country:
    """All rings of a country; its body is the largest of them and what lies by it."""

    rings: tuple[Line, ...]
    body: tuple[Line, ...]


@cache
def land() -> tuple[Line, ...]:
    topology = _topology()
    geometries = topology["objects"]["land"]["geometries"]
    return tuple(line for geometry in geometries for line in _rings(geometry))


@cache
def borders() -> tuple[Line, ...]:
    """Lines between two countries, joined end to end as far as they go; no coasts."""
    ways = _joined([_arcs()[arc] for arc in _shared_arcs()])
    return tuple(_line(way, closed=False) for way in ways)


@cache
def country(numeric: str) -> Country | None:
    """A country by its ISO 3166-1 number as three digits; None where the file does not have it."""
    geometry = _geometries().get(numeric)
    if geometry is None:
        return None
    rings = tuple(_rings(geometry))
    return Country(rings, _body(rings))


def _body(rings: Sequence[Line]) -> tuple[Line, ...]:
    areas = [(_area(ring), ring) for ring in rings if not ring.hole]
    most, largest = max(areas, key=itemgetter(0))
    apart = [ring for area, ring in areas if area >= BODY_SHARE * most and ring is not largest]
    body, joining = [largest], [largest]
    while joining:
        joining = [ring for ring in apart if any(_gap(ring, part) < BODY_GAP for part in joining)]
        apart = [ring for ring in apart if ring not in joining]
        body += joining
    return tuple(body)


def _gap(a: Line, b: Line) -> float:
    """The narrowest place between two rings, in radians; every third vertex is enough to tell."""
    near = max(dot(here, there) for here in a.vertices[::3] for there in b.vertices[::3])
    return math.acos(min(1.0, near))


def _area(ring: Line) -> float:
    """Area in steradians."""
    return abs(signed_area(Azimuthal.over(ring.centre).project_all(ring.vertices)))


@cache
def _topology() -> dict[str, Any]:
    return json.loads(SOURCE.read_text(encoding="utf-8"))


@cache
def _geometries() -> dict[str, dict[str, Any]]:
    countries = _topology()["objects"]["countries"]["geometries"]
    return {geometry["id"]: geometry for geometry in countries if "id" in geometry}


@cache
def _arcs() -> tuple[tuple[Vector, ...], ...]:
    transform = _topology()["transform"]
    return tuple(
        tuple(vector(point) for point in _in_pieces(_decoded(arc, transform)))
        for arc in _topology()["arcs"]
    )


def _decoded(arc: Sequence[Sequence[int]], transform: dict[str, list[float]]) -> list[Point]:
    """Undo the delta encoding and the quantisation of one arc."""
    (scale_x, scale_y), (left, bottom) = transform["scale"], transform["translate"]
    points, x, y = [], 0, 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append(Point(x * scale_x + left, y * scale_y + bottom))
    return points


def _in_pieces(points: Sequence[Point]) -> Iterator[Point]:
    """Lay points between those far apart; a jump over the antimeridian is the short way."""
    yield points[0]
    for start, end in pairwise(points):
        east = (end.lon - start.lon + 180) % 360 - 180
        north = end.lat - start.lat
        pieces = max(1, int(max(abs(east), abs(north)) // PIECE_DEGREES))
        for piece in range(1, pieces):
            share = piece / pieces
            yield Point(start.lon + east * share, start.lat + north * share)
        yield end  # exactly, so that lines that meet go on meeting


def _shared_arcs() -> list[int]:
    """Numbers of the arcs that stand in the outlines of two countries."""
    countries = _topology()["objects"]["countries"]["geometries"]
    uses = Counter(
        arc if arc >= 0 else ~arc
        for geometry in countries
        for polygon in _polygons(geometry)
        for ring in polygon
        for arc in ring
    )
    return [arc for arc, count in uses.items() if count > 1]


def _joined(arcs: Sequence[Sequence[Vector]]) -> list[list[Vector]]:
    """Make one line of two where several meet: a drawing then has fewer starts to write."""
    meetings: dict[Vector, list[int]] = defaultdict(list)
    for number, arc in enumerate(arcs):
        meetings[arc[0]].append(number)
        meetings[arc[-1]].append(number)
    unused, ways = set(range(len(arcs))), []
    for number, arc in enumerate(arcs):
        if number not in unused:
            continue
        unused.remove(number)
        way = list(arc)
        for _ in ("onwards", "back from the start"):
            while following := unused.intersection(meetings[way[-1]]):
                number = min(following)
                unused.remove(number)
                onwards = arcs[number] if arcs[number][0] == way[-1] else arcs[number][::-1]
                way += onwards[1:]
            way.reverse()
        ways.append(way)
    return ways


def _polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]


def _rings(geometry: dict[str, Any]) -> Iterator[Line]:
    for polygon in _polygons(geometry):
        for position, ring in enumerate(polygon):
            vectors: list[Vector] = []
            for arc in ring:
                # TopoJSON writes an arc that runs backwards as the complement of its number.
                points = _arcs()[arc] if arc >= 0 else _arcs()[~arc][::-1]
                vectors += points[:-1]
            yield _line(vectors, closed=True, hole=position > 0)


def _line(vectors: Sequence[Vector], *, closed: bool, hole: bool = False) -> Line:
    weights = weigh(vectors, closed=closed)
    sums = [math.fsum(axis) for axis in zip(*vectors, strict=True)]
    centre = unit((sums[0], sums[1], sums[2]))
    vertices = tuple((x, y, z, weight) for (x, y, z), weight in zip(vectors, weights, strict=True))
    return Line(vertices, centre, max(angle(centre, place) for place in vectors), hole)
