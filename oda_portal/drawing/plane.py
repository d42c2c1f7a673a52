"""Shapes in the pixels of a map: clipping them to its box, and writing them as SVG path data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from .geometry import XY

# Shapes are cut this far outside the box, so that the strokes along the cut are not seen.
MARGIN = 12


class Box(NamedTuple):
    """The picture: (0, 0) is its upper left corner."""

    width: int
    height: int

    @property
    def middle(self) -> XY:
        return self.width / 2, self.height / 2

    def holds(self, at: XY, inset: float = 0) -> bool:
        x, y = at
        return inset <= x <= self.width - inset and inset <= y <= self.height - inset


def signed_area(shape: Sequence[XY]) -> float:
    """Area of a closed shape; its sign tells which way round the shape runs."""
    total = 0.0
    x0, y0 = shape[-1] if shape else (0.0, 0.0)
    for x, y in shape:
        total += x0 * y - x * y0
        x0, y0 = x, y
    return total / 2


def clipped(shape: Sequence[XY], box: Box) -> list[XY]:
    """The part of a closed shape in the box and its margin (Sutherland and Hodgman)."""
    low = -MARGIN
    bounds = ((0, low, 1), (0, box.width + MARGIN, -1), (1, low, 1), (1, box.height + MARGIN, -1))
    points = list(shape)
    for axis, limit, inward in bounds:
        if points and min((point[axis] - limit) * inward for point in points) < 0:
            points = _beyond_removed(points, axis, limit, inward)
    return points


def _beyond_removed(points: Sequence[XY], axis: int, limit: float, inward: int) -> list[XY]:
    kept: list[XY] = []
    a = points[-1]
    a_in = (a[axis] - limit) * inward >= 0
    for b in points:
        b_in = (b[axis] - limit) * inward >= 0
        if a_in != b_in:
            share = (limit - a[axis]) / (b[axis] - a[axis])
            kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
        if b_in:
            kept.append(b)
        a, a_in = b, b_in
    return kept


def fill_path(shapes: Iterable[Sequence[XY]], box: Box, smallest: float) -> str:
    """Path data of closed shapes; those of less than `smallest` square pixels are left out."""
    parts = []
    for shape in shapes:
        points = clipped(shape, box)
        if len(points) > 2 and abs(signed_area(points)) >= smallest:
            parts.append(f"{_steps(points)}z")
    return "".join(parts)


def line_path(ways: Iterable[Sequence[XY]], box: Box) -> str:
    """Path data of open lines, without the runs that lie outside the box."""
    return "".join(_steps(run) for way in ways for run in _runs(way, box))


def _runs(way: Sequence[XY], box: Box) -> list[list[XY]]:
    runs: list[list[XY]] = []
    joined = False
    for a, b in pairwise(way):
        outside = (
            max(a[0], b[0]) < -MARGIN
            or max(a[1], b[1]) < -MARGIN
            or min(a[0], b[0]) > box.width + MARGIN
            or min(a[1], b[1]) > box.height + MARGIN
        )
        if outside:
            joined = False
        elif joined:
            runs[-1].append(b)
        else:
            runs.append([a, b])
            joined = True
    return runs


def _steps(points: Sequence[XY]) -> str:
    """Whole pixels, each relative to the one before: the shortest way to write them."""
    (x0, y0), *rest = [(round(x), round(y)) for x, y in points]
    steps = []
    x, y = x0, y0
    for nx, ny in rest:
        if (nx, ny) != (x, y):
            steps.append(f"{nx - x} {ny - y}")
            x, y = nx, ny
    return f"M{x0} {y0}l{' '.join(steps)}".replace(" -", "-") if steps else ""
