"""Places on the globe and where an azimuthal map puts them.

Inside this app a place is a unit vector (x, y, z): no seam at the antimeridian, no special case
at the poles, and projecting it takes one square root. Longitudes and latitudes in degrees
appear only at the doors, as `Point`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

EARTH_RADIUS_KM = 6371.0
# Below this length a direction is noise: two places closer than about six metres are one place.
NOWHERE = 1e-6

Vector = tuple[float, float, float]
# A vertex of an outline: its unit vector and its weight (see `weights`).
Vertex = tuple[float, float, float, float]
XY = tuple[float, float]
POLE: Vector = (0.0, 0.0, 1.0)


class Point(NamedTuple):
    """A place on the globe, in degrees."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Line:
    """A ring or an open line on the globe, and the cap (radius in radians) that holds it."""

    vertices: tuple[Vertex, ...]
    centre: Vector
    radius: float
    hole: bool = False


def vector(point: Point) -> Vector:
    lon, lat = math.radians(point[0]), math.radians(point[1])
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def dot(a: Sequence[float], b: Sequence[float]) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def unit(v: Vector) -> Vector:
    """The same direction at length 1. Callers make sure that there is a direction."""
    length = math.sqrt(dot(v, v))
    return v[0] / length, v[1] / length, v[2] / length


def mix(a: Sequence[float], b: Sequence[float], share: float) -> Vector:
    """The point of the chord from a to b, `share` of the way; not of length 1."""
    rest = 1 - share
    return a[0] * rest + b[0] * share, a[1] * rest + b[1] * share, a[2] * rest + b[2] * share


def angle(a: Vector, b: Vector) -> float:
    """Angle between two places in radians; exact for neighbours too, where an arc cosine is not."""
    return 2 * math.asin(min(1.0, math.dist(a, b) / 2))


def distance_km(a: Point, b: Point) -> float:
    """Length of the shortest way over the globe, taken as a sphere (at most 0.6 % off)."""
    return EARTH_RADIUS_KM * angle(vector(a), vector(b))


def tangent(direction: Vector, at: Vector) -> Vector:
    """A direction as it lies on the plane that touches the globe there; may be of length 0."""
    height = dot(direction, at)
    return (
        direction[0] - height * at[0],
        direction[1] - height * at[1],
        direction[2] - height * at[2],
    )


def north_at(place: Vector) -> Vector:
    """The way north as a unit vector; at a pole there is none, and the vector is (0, 0, 0)."""
    way = tangent(POLE, place)
    return unit(way) if math.hypot(*way) > NOWHERE else (0.0, 0.0, 0.0)


def midpoint(a: Vector, b: Vector) -> Vector:
    """Half-way on the shortest way. Between opposite ends of the globe there are many; then any."""
    middle = mix(a, b, 0.5)
    if math.hypot(*middle) > NOWHERE:
        return unit(middle)
    return unit(cross(a, POLE)) if abs(a[2]) < 0.999 else (1.0, 0.0, 0.0)


def great_circle(a: Vector, b: Vector, steps: int) -> list[Vector]:
    """The shortest way from a to b in `steps` equal pieces, both ends included."""
    middle = midpoint(a, b)
    half, aside = angle(a, middle), tangent(b, middle)
    if half < NOWHERE:
        return [a, b]
    towards = unit(aside)
    return [_turned(middle, towards, half * (2 * step / steps - 1)) for step in range(steps + 1)]


def _turned(start: Vector, towards: Vector, by: float) -> Vector:
    near, far = math.cos(by), math.sin(by)
    return (
        start[0] * near + towards[0] * far,
        start[1] * near + towards[1] * far,
        start[2] * near + towards[2] * far,
    )
