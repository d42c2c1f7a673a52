"""The azimuthal equal-area map: directions from its centre are true, and so are areas.

With a lens the near is drawn larger: directions stay true, areas do not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .geometry import (
    NOWHERE,
    POLE,
    XY,
    Line,
    Vector,
    Vertex,
    angle,
    cross,
    dot,
    mix,
    tangent,
    unit,
)
from .plane import signed_area

# Pieces in which the rim of the map is followed where an outline leaves it.
RIM_PIECE = math.radians(6)


@dataclass(frozen=True, slots=True)
class Azimuthal:
    """Where the places of the globe lie on one map.

    `scale` is pixels for each radius of the globe, `middle` where the centre comes to lie,
    `reach` the angle from the centre up to which the globe is drawn. A `lens` of 1 is none;
    below 1 it draws the near larger.
    """

    centre: Vector
    east: Vector
    north: Vector
    scale: float
    middle: XY
    reach: float
    lens: float = 1.0

    @classmethod
    def over(
        cls,
        centre: Vector,
        *,
        scale: float = 1.0,
        middle: XY = (0.0, 0.0),
        up: Vector = POLE,
        reach: float = math.radians(175),
        lens: float = 1.0,
    ) -> Azimuthal:
        """The map over a place; what points to `up` points up in the middle of it."""
        upward = next(
            way
            for way in (
                tangent(up, centre),
                tangent(POLE, centre),
                tangent((1.0, 0.0, 0.0), centre),
            )
            if math.hypot(*way) > NOWHERE
        )
        north = unit(upward)
        return cls(centre, cross(north, centre), north, scale, middle, reach, lens)

    @property
    def rim(self) -> float:
        """Radius of the whole map in pixels."""
        return 2 * self.scale * math.sin(self.reach / 2)

    def radius_at(self, turn: float) -> float:
        """Pixels from the middle to the places at this angle from the centre."""
        flat = 2 * self.scale * math.sin(turn / 2)
        return self.rim * (flat / self.rim) ** self.lens

    def shows(self, place: Vector) -> bool:
        return angle(self.centre, place) <= self.reach

    def project(self, place: Vector) -> XY:
        """Where a place lies; one beyond the map lies on the rim, in its true direction."""
        turn = angle(self.centre, place)
        return self._at(self._bearing(place), self.radius_at(min(turn, self.reach)))

    def place_at(self, at: XY) -> Vector:
        """The place that lies at a point of the map. Only for maps without a lens."""
        right, up = at[0] - self.middle[0], self.middle[1] - at[1]
        radius = math.hypot(right, up)
        if radius < NOWHERE:
            return self.centre
        turn = 2 * math.asin(min(1.0, radius / (2 * self.scale)))
        ahead, aside = math.cos(turn), math.sin(turn) / radius
        x, y, z = (
            ahead * c + aside * (right * e + up * n)
            for c, e, n in zip(self.centre, self.east, self.north, strict=True)
        )
        return x, y, z

    def project_all(self, vertices: Iterable[Sequence[float]]) -> list[XY]:
        """As `project`, for many places that all lie within the reach; written out for speed."""
        (cx, cy, cz), (ex, ey, ez), (nx, ny, nz) = self.centre, self.east, self.north
        x0, y0 = self.middle
        scale, rim, lens = self.scale, self.rim, self.lens
        points = []
        for vertex in vertices:
            x, y, z = vertex[0], vertex[1], vertex[2]
            nearness = cx * x + cy * y + cz * z
            factor = scale * math.sqrt(2 / (1 + nearness))
            if lens != 1:
                flat = scale * math.sqrt(max(2 - 2 * nearness, NOWHERE))
                factor *= (flat / rim) ** (lens - 1)
            right, up = ex * x + ey * y + ez * z, nx * x + ny * y + nz * z
            points.append((x0 + factor * right, y0 - factor * up))
        return points

    def contours(self, ring: Line, tolerance: float) -> list[list[XY]]:
        """The outlines that a ring has on the map, to be filled by the even-odd rule.

        `tolerance` is the area in square pixels that may be lost at a vertex. A ring around the
        opposite end of the globe comes out inside out; the rim, as a second outline, turns it
        right again.
        """
        away = angle(self.centre, ring.centre)
        if away - ring.radius > self.reach:
            return []
        vertices = self._thinned(ring.vertices, tolerance)
        if away + ring.radius < self.reach:
            return [self.project_all(vertices)]
        contour = self._cut_at_rim(vertices)
        area = -signed_area(contour) if ring.hole else signed_area(contour)
        inside_out = area < -math.pi * self.rim**2 / 4
        return [contour, self._rim_contour()] if inside_out else [contour]

    def ways(self, line: Line, tolerance: float) -> list[list[XY]]:
        """The pieces of an open line that lie on the map."""
        if angle(self.centre, line.centre) - line.radius > self.reach:
            return []
        pieces: list[list[Vertex]] = [[]]
        for vertex in self._thinned(line.vertices, tolerance):
            if dot(self.centre, vertex) > math.cos(self.reach):
                pieces[-1].append(vertex)
            elif pieces[-1]:
                pieces.append([])
        return [self.project_all(piece) for piece in pieces if len(piece) > 1]

    def _thinned(self, vertices: Sequence[Vertex], tolerance: float) -> Sequence[Vertex]:
        least = tolerance / self.scale**2
        if self.lens == 1:
            return [vertex for vertex in vertices if vertex[3] >= least]
        return [vertex for vertex in vertices if vertex[3] * self._swelling(vertex) >= least]

    def _swelling(self, vertex: Vertex) -> float:
        """How many times larger than on the plain map the lens draws an area here."""
        flat = self.scale * math.sqrt(max(2 - 2 * dot(self.centre, vertex), NOWHERE))
        return self.lens * (flat / self.rim) ** (2 * self.lens - 2)

    def _bearing(self, place: Sequence[float]) -> float:
        """Direction from the centre, in radians clockwise from up."""
        return math.atan2(dot(self.east, place), dot(self.north, place))

    def _at(self, bearing: float, radius: float) -> XY:
        return (
            self.middle[0] + radius * math.sin(bearing),
            self.middle[1] - radius * math.cos(bearing),
        )

    def _rim_contour(self) -> list[XY]:
        pieces = round(2 * math.pi / RIM_PIECE)
        return [self._at(piece * RIM_PIECE, self.rim) for piece in range(pieces)]

    def _cut_at_rim(self, vertices: Sequence[Vertex]) -> list[XY]:
        """A ring of which some lies beyond the map: there it follows the rim."""
        contour: list[XY] = []
        stations = self._stations(vertices)
        before = stations[-1]
        for station in stations:
            if isinstance(station, float) and isinstance(before, float):
                contour += self._along_rim(before, station)
            elif isinstance(station, float):
                contour.append(self._at(station, self.rim))
            else:
                contour += self.project_all([station])
            before = station
        return contour

    def _stations(self, vertices: Sequence[Vertex]) -> list[Vector | float]:
        """A ring as the places on the map, and as bearings where it leaves it and beyond."""
        edge = math.cos(self.reach)
        stations: list[Vector | float] = []
        before, before_near = vertices[-1], dot(self.centre, vertices[-1])
        for vertex in vertices:
            near = dot(self.centre, vertex)
            if (near >= edge) != (before_near >= edge):
                share = (edge - before_near) / (near - before_near)
                stations.append(self._bearing(mix(before, vertex, share)))
            stations.append(vertex[:3] if near >= edge else self._bearing(vertex))
            before, before_near = vertex, near
        return stations

    def _along_rim(self, start: float, end: float) -> list[XY]:
        """Points of the rim from one bearing to another the short way, without the first."""
        turn = (end - start + math.pi) % (2 * math.pi) - math.pi
        pieces = max(1, math.ceil(abs(turn) / RIM_PIECE))
        return [self._at(start + turn * piece / pieces, self.rim) for piece in range(1, pieces + 1)]
