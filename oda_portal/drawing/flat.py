"""The level map, for what no azimuthal map shows well: north is up everywhere on it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .geometry import XY, Line, Vector, Vertex
from .plane import Box

ROUND = 2 * math.pi
# Degrees of latitude are drawn this much longer than those of longitude: right at 30 degrees.
STRETCH = 1.15
# The map leaves out what only the poles would fill.
SOUTH, NORTH = math.radians(-60), math.radians(84)


def eastward(turn: float) -> float:
    """An angle as the short way round, between half a turn west and half a turn east."""
    return (turn + math.pi) % ROUND - math.pi


@dataclass(frozen=True, slots=True)
class Flat:
    """A level map; `scale` is pixels for each radian of longitude.

    It answers to what drawing asks of an `Azimuthal` map, too: it shows all the globe and has
    no rim.
    """

    lon: float
    lat: float
    scale: float
    middle: XY
    reach: float = math.pi
    rim: float = math.inf

    @classmethod
    def around(cls, places: Sequence[Vector], box: Box, fill: float) -> Flat:
        """The map on which the places take up no more than `fill` of the box."""
        west, east = _span([math.atan2(y, x) for x, y, _ in places])
        lats = [math.asin(z) for _, _, z in places]
        south, north = min(lats), max(lats)
        scale = max(
            box.width / ROUND,
            min(
                fill * box.width / (east - west),
                fill * box.height / (STRETCH * max(north - south, math.radians(1))),
            ),
        )
        half = box.height / (2 * STRETCH * scale)
        lat = max(SOUTH + half, min((south + north) / 2, NORTH - half))
        return cls((west + east) / 2, lat, scale, box.middle)

    def shows(self, place: Vector) -> bool:
        return True

    def project(self, place: Vector) -> XY:
        return self._at(eastward(math.atan2(place[1], place[0]) - self.lon), place[2])

    def contours(self, ring: Line, tolerance: float) -> list[list[XY]]:
        """As `Azimuthal.contours`: what crosses the edge of the map stands on both of its sides."""
        turns = list(self._turns(self._thinned(ring.vertices, tolerance)))
        lons = [lon for lon, _ in turns]
        if abs(lons[-1] - lons[0]) > math.pi:
            return []  # around a pole, which the map leaves out
        return [
            [self._at(lon + shift, height) for lon, height in turns]
            for shift in (-ROUND, 0.0, ROUND)
            if max(lons) + shift > -math.pi and min(lons) + shift < math.pi
        ]

    def ways(self, line: Line, tolerance: float) -> list[list[XY]]:
        """As `Azimuthal.ways`."""
        turns = list(self._turns(self._thinned(line.vertices, tolerance)))
        lons = [lon for lon, _ in turns]
        return [
            [self._at(lon + shift, height) for lon, height in turns]
            for shift in (-ROUND, 0.0, ROUND)
            if max(lons) + shift > -math.pi and min(lons) + shift < math.pi
        ]

    def _at(self, lon: float, height: float) -> XY:
        """`height` is the sine of the latitude."""
        up = STRETCH * (math.asin(max(-1.0, min(1.0, height))) - self.lat)
        return self.middle[0] + self.scale * lon, self.middle[1] - self.scale * up

    def _thinned(self, vertices: Sequence[Vertex], tolerance: float) -> list[Vertex]:
        least = tolerance / self.scale**2
        return [vertex for vertex in vertices if vertex[3] >= least]

    def _turns(self, vertices: Sequence[Vertex]) -> Iterator[tuple[float, float]]:
        """Longitudes from the middle of the map, going on past the edge rather than jumping."""
        turn, before = 0.0, self.lon
        for x, y, z, _ in vertices:
            lon = math.atan2(y, x)
            turn += eastward(lon - before)
            before = lon
            yield turn, z


def _span(lons: Sequence[float]) -> XY:
    """The shortest stretch of longitudes that holds all; its end may lie past half a turn."""
    ordered = sorted(lons)
    gaps = [
        (after - before, after)
        for before, after in zip(ordered, [*ordered[1:], ordered[0] + ROUND], strict=True)
    ]
    gap, start = max(gaps)
    return start, start + max(ROUND - gap, math.radians(1))
