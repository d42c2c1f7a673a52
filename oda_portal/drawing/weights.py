"""How much each vertex of an outline matters (Visvalingam and Whyatt, 1993).

The least of all triangles of neighbouring vertices is taken away again and again; the area at
which a vertex goes is its weight. A map then keeps the vertices above one threshold.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence

from .geometry import Vector, cross

# What is left of a ring at every scale.
TRIANGLE = 3


def weigh(vectors: Sequence[Vector], *, closed: bool) -> list[float]:
    """The weights in steradians.

    The ends of an open line and the last three vertices of a ring weigh infinitely.
    """
    chain = _Chain(vectors, closed=closed)
    weights = [math.inf] * len(vectors)
    reached = 0.0
    for _ in range(len(chain.heap) - (TRIANGLE if closed else 0)):
        area, index = chain.take_least()
        # A vertex must not outlive one that it leaned on: weights only rise.
        reached = max(reached, area)
        weights[index] = reached
    return weights


class _Chain:
    """Vertices in a row, of which the least can be taken away."""

    def __init__(self, vectors: Sequence[Vector], *, closed: bool) -> None:
        count = len(vectors)
        self.vectors = vectors
        self.before = [(index - 1) % count for index in range(count)]
        self.after = [(index + 1) % count for index in range(count)]
        ends = () if closed else (0, count - 1)
        # An entry of the heap whose stamp is no longer the vertex's own is out of date.
        self.stamps = {index: 0 for index in range(count) if index not in ends}
        self.heap = [(self._area(index), index, 0) for index in self.stamps]
        heapq.heapify(self.heap)

    def take_least(self) -> tuple[float, int]:
        area, index, stamp = heapq.heappop(self.heap)
        while self.stamps.get(index) != stamp:
            area, index, stamp = heapq.heappop(self.heap)
        del self.stamps[index]
        before, after = self.before[index], self.after[index]
        self.after[before], self.before[after] = after, before
        for neighbour in (before, after):
            if neighbour in self.stamps:
                self.stamps[neighbour] += 1
                entry = (self._area(neighbour), neighbour, self.stamps[neighbour])
                heapq.heappush(self.heap, entry)
        return area, index

    def _area(self, index: int) -> float:
        here = self.vectors[index]
        a, b = self.vectors[self.before[index]], self.vectors[self.after[index]]
        side: Vector = (a[0] - here[0], a[1] - here[1], a[2] - here[2])
        other: Vector = (b[0] - here[0], b[1] - here[1], b[2] - here[2])
        return math.hypot(*cross(side, other)) / 2
