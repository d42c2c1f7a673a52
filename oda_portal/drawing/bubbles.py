"""Circles for numbers on a map: as large in area as the number, and each one to be hit.

A finger needs room for each circle. Those too near to each other are made one, the others are
moved a little apart; where a circle then no longer lies on its place, a line leads there.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Generic, TypeVar

from .geometry import XY
from .plane import Box

T = TypeVar("T")

# Circles of which more than this would be covered are moved apart, too.
OVERLAP = 0.8
STEPS = 50
# How much of the way back to its place a circle takes in each step.
PULL = 0.06
# The last steps only set circles apart.
SETTLING = 15
GOLDEN = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True)
class Scale:
    """How numbers become circles; all in the pixels of the drawing.

    `room` is the least distance between two circles and the least width that can be hit,
    `joined` the distance below which two become one, `kin` the same for those of one kin. `unit`
    is the radius for one, where the largest number then stays below `largest`.
    """

    unit: float
    largest: float
    room: float
    joined: float
    kin: float = 0
    least: float = 0

    def for_numbers(self, most: int) -> Scale:
        """The same for numbers up to `most`."""
        unit = min(self.unit, self.largest / math.sqrt(max(most, 1)))
        return replace(self, unit=unit, least=min(self.unit, self.room / 5))

    def radius(self, number: int) -> float:
        return max(self.least, self.unit * math.sqrt(number))


@dataclass(frozen=True)
class Spot(Generic[T]):
    """What is to be drawn: where it is, and its group, beyond which it is not joined.

    Those of one kin (in one group) are joined first.
    """

    thing: T
    at: XY
    group: str
    kin: str = ""
    numbered: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Bubble(Generic[T]):
    """A circle for one thing, or for several. `place` is where it belongs, `at` where it lies."""

    things: tuple[T, ...]
    place: XY
    at: XY
    radius: float
    number: int

    @property
    def is_moved(self) -> bool:
        return math.dist(self.place, self.at) > max(self.radius, 4)


def bubbles(spots: Sequence[Spot[T]], scale: Scale, box: Box) -> list[Bubble[T]]:
    """The circles, largest first. What several places share counts once in the joined circle."""
    clusters = _joined([[spot] for spot in spots], scale.kin, lambda spot: (spot.group, spot.kin))
    clusters = _joined(clusters, scale.joined, lambda spot: (spot.group, ""))
    most = max((_number(cluster) for cluster in clusters), default=1)
    fitted = scale.for_numbers(most)
    clusters.sort(key=lambda cluster: -_number(cluster))
    places = [_middle(cluster) for cluster in clusters]
    radii = [fitted.radius(_number(cluster)) for cluster in clusters]
    return [
        Bubble(tuple(spot.thing for spot in cluster), place, at, radius, _number(cluster))
        for cluster, place, at, radius in zip(
            clusters, places, _apart(places, radii, fitted.room, box), radii, strict=True
        )
    ]


def _number(cluster: Sequence[Spot[T]]) -> int:
    return len(frozenset().union(*(spot.numbered for spot in cluster)))


def _middle(cluster: Sequence[Spot[T]]) -> XY:
    """The middle of the places, each as heavy as its number."""
    weights = [len(spot.numbered) or 1 for spot in cluster]
    total = sum(weights)
    x, y = (
        sum(weight * spot.at[axis] for weight, spot in zip(weights, cluster, strict=True)) / total
        for axis in (0, 1)
    )
    return x, y


def _joined(
    found: Sequence[list[Spot[T]]], distance: float, kind: Callable[[Spot[T]], tuple[str, str]]
) -> list[list[Spot[T]]]:
    """Clusters of a kind that are nearer than a distance made one, the nearest two first."""
    clusters = dict(enumerate(found))
    middles = {index: _middle(cluster) for index, cluster in clusters.items()}

    def near(a: int, others: Iterable[int]) -> list[tuple[float, int, int]]:
        own = kind(clusters[a][0])
        return [
            (far, a, b)
            for b in others
            if (far := math.dist(middles[a], middles[b])) < distance and kind(clusters[b][0]) == own
        ]

    waiting = [pair for index in clusters for pair in near(index, range(index))]
    heapq.heapify(waiting)
    while waiting:
        _, a, b = heapq.heappop(waiting)
        if a not in clusters or b not in clusters:
            continue  # one of them is part of a larger cluster by now
        both = clusters.pop(a) + clusters.pop(b)
        index = len(middles)
        others = list(clusters)
        clusters[index] = sorted(both, key=lambda spot: -len(spot.numbered))
        middles[index] = _middle(both)
        for pair in near(index, others):
            heapq.heappush(waiting, pair)
    return list(clusters.values())


def _apart(places: Sequence[XY], radii: Sequence[float], room: float, box: Box) -> list[XY]:
    """Places moved as little as it takes to keep the circles apart and in the box."""
    at = [list(place) for place in places]
    needs = {
        (i, j): max(room, OVERLAP * (radii[i] + radii[j]))
        for i, j in combinations(range(len(places)), 2)
        if math.dist(places[i], places[j]) < 2.5 * max(room, radii[i] + radii[j])
    }
    for step in range(STEPS):
        moved = False
        for (i, j), need in needs.items():
            right, down = at[j][0] - at[i][0], at[j][1] - at[i][1]
            far = math.hypot(right, down)
            if far >= need:
                continue
            moved = True
            if far < 1e-6:  # on top of each other: any way will do, each pair its own
                right, down, far = math.cos(GOLDEN * j), math.sin(GOLDEN * j), 1.0
                push = need / 2
            else:
                push = (need - far) / 2
            for index, sign in ((i, -1), (j, 1)):
                at[index][0] += sign * push * right / far
                at[index][1] += sign * push * down / far
        for (x, y), here, radius in zip(places, at, radii, strict=True):
            if moved and step < STEPS - SETTLING:
                here[0] += PULL * (x - here[0])
                here[1] += PULL * (y - here[1])
            inset = max(radius, room / 2)
            here[0] = max(inset, min(here[0], box.width - inset))
            here[1] = max(inset, min(here[1], box.height - inset))
        if not moved:
            break
    return [(x, y) for x, y in at]
