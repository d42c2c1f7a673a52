"""Covers: scraps joined into one cloth, after the Korean patchwork (jogakbo).

A cover stands inline in a page, several on one: it is drawn on a grid of small whole numbers,
and everything of one colour is one path, so that it takes about as many bytes as the text
beside it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from .palettes import PALETTES, Palette


class Size(NamedTuple):
    """A cloth in grid steps.

    `scrap` is the area at which a scrap is not cut again, `accents` how often the accent may
    stand on the cloth, `most` how many bytes the drawing may take.
    """

    width: int
    height: int
    scrap: int
    accents: int
    most: int


CARD, DETAIL = Size(16, 7, 11, 2, 1150), Size(32, 10, 14, 4, 2200)
# The share of scraps that bear a pattern.
ADORNED = 0.65
# Stripes become rows of stitches, one to a step of the grid.
STITCHES = ' stroke-dasharray=".24 .76" stroke-dashoffset="-.38"'


class Scrap(NamedTuple):
    x: int
    y: int
    width: int
    height: int

    @property
    def side(self) -> int:
        return min(self.width, self.height)

    def touches(self, other: Scrap) -> bool:
        return (
            self.x <= other.x + other.width
            and other.x <= self.x + self.width
            and self.y <= other.y + other.height
            and other.y <= self.y + self.height
        )


@lru_cache(maxsize=512)
def cover(seed: str, palette: str, detail: bool = False) -> str:
    """A cover as inline SVG; one seed and palette always give the same one.

    `detail` is the larger cloth for the head of a page. An unknown palette is `ocean`.
    """
    colours = PALETTES.get(palette, PALETTES["ocean"])
    size = DETAIL if detail else CARD
    svg = _drawn(seed, colours, size)
    while len(svg) > size.most:
        size = size._replace(scrap=size.scrap + 2)
        svg = _drawn(seed, colours, size)
    return svg


def _drawn(seed: str, palette: Palette, size: Size) -> str:
    chance = random.Random(seed)  # noqa: S311  (a pattern, not a secret)
    scraps = list(_cut(Scrap(0, 0, size.width, size.height), size.scrap, chance))
    cloth = _Cloth(palette, size.accents, chance)
    for scrap in scraps:
        cloth.sew(scrap)
    seams = "".join(
        f"M{s.x + s.width} {s.y}v{s.height}h-{s.width}"
        for s in scraps
        if s.x + s.width < size.width or s.y + s.height < size.height
    )
    return (
        f'<svg class="cover" viewBox="0 0 {size.width} {size.height}" aria-hidden="true"'
        f' focusable="false" preserveAspectRatio="xMidYMid slice">{cloth.paths()}'
        '<path fill="none" stroke="#fff" stroke-opacity=".7" stroke-width=".07"'
        f' d="{seams}"/></svg>'
    )


def _cut(scrap: Scrap, enough: int, chance: random.Random) -> Iterator[Scrap]:
    """Cut a cloth in two, and the pieces again, until they are scraps; none is narrower than 2."""
    x, y, width, height = scrap
    area = width * height
    if area <= enough or (area <= 1.7 * enough and chance.random() < 0.5):
        yield scrap
        return
    # Mostly across the longer side, so that scraps come out compact.
    if width > 1.2 * height or height < 4 or (width >= 4 and chance.random() < 0.3):
        at = chance.randint(2, width - 2)
        pieces = Scrap(x, y, at, height), Scrap(x + at, y, width - at, height)
    else:
        at = chance.randint(2, height - 2)
        pieces = Scrap(x, y, width, at), Scrap(x, y + at, width, height - at)
    for piece in pieces:
        yield from _cut(piece, enough, chance)


class _Cloth:
    """What has been sewn so far, by colour.

    Colours are painted one after the other. A shape therefore takes a colour that is painted
    later than that of its scrap, and lies on it without a path of its own.
    """

    def __init__(self, palette: Palette, accents: int, chance: random.Random) -> None:
        self.palette = palette
        self.accents = accents
        self.chance = chance
        self.order = [*chance.sample(palette.cloth, len(palette.cloth)), palette.accent]
        self.fills: dict[str, list[str]] = {colour: [] for colour in self.order}
        self.threads: dict[str, list[str]] = {}
        self.sewn: list[tuple[Scrap, str]] = []

    def sew(self, scrap: Scrap) -> None:
        colour = self._colour_of(scrap)
        self.sewn.append((scrap, colour))
        self.fills[colour].append(_sheet(scrap))
        if self.chance.random() < ADORNED:
            self._adorn(scrap, colour)

    def _colour_of(self, scrap: Scrap) -> str:
        if self.accents and scrap.side <= 3 and self.chance.random() < 0.15:
            self.accents -= 1
            return self.palette.accent
        around = {colour for other, colour in self.sewn if other.touches(scrap)}
        free = [colour for colour in self.palette.cloth if colour not in around]
        return self.chance.choice(free or self.palette.cloth)

    def _adorn(self, scrap: Scrap, colour: str) -> None:
        pattern = self.chance.choice(self.palette.patterns)
        if pattern in THREADS:
            thread = "#fff" if light(colour) < 0.6 else min(self.palette.cloth, key=light)
            look = f'stroke="{thread}"{STITCHES if pattern == "stitches" else ""}'
            self.threads.setdefault(look, []).append(THREADS[pattern](scrap, self.chance))
            return
        later = self.order[self.order.index(colour) + 1 : None if self.accents else -1]
        seen = [other for other in later if abs(light(other) - light(colour)) > 0.12]
        if seen:
            chosen = self.chance.choice(seen)
            self.accents -= chosen == self.palette.accent
            self.fills[chosen].append(SHAPES[pattern](scrap, self.chance))

    def paths(self) -> str:
        fills = "".join(
            f'<path fill="{colour}" d="{"".join(shapes)}"/>'
            for colour, shapes in self.fills.items()
            if shapes
        )
        lines = "".join(
            f'<path {look} d="{"".join(ways)}"/>' for look, ways in self.threads.items()
        )
        return fills + (
            f'<g fill="none" stroke-width=".16" stroke-opacity=".7">{lines}</g>' if lines else ""
        )


def light(colour: str) -> float:
    """How light a colour looks, from 0 (black) to 1 (white)."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _sheet(scrap: Scrap) -> str:
    return f"M{scrap.x} {scrap.y}h{scrap.width}v{scrap.height}h-{scrap.width}z"


def _corner(scrap: Scrap, chance: random.Random) -> tuple[int, int, int, int]:
    """One of the four corners, and the signs of the ways into the scrap from there."""
    right, down = chance.choice((1, -1)), chance.choice((1, -1))
    return (
        scrap.x if right > 0 else scrap.x + scrap.width,
        scrap.y if down > 0 else scrap.y + scrap.height,
        right,
        down,
    )


def _quarter(scrap: Scrap, chance: random.Random) -> str:
    x, y, right, down = _corner(scrap, chance)
    r, sweep = scrap.side, int(right == down)
    return f"M{x} {y}h{right * r}a{r} {r} 0 0 {sweep} {-right * r} {down * r}z"


def _leaf(scrap: Scrap, chance: random.Random) -> str:
    x, y, right, down = _corner(scrap, chance)
    r, sweep = scrap.side, int(right == down)
    arc = f"a{r} {r} 0 0 {sweep} "
    return f"M{x} {y}{arc}{right * r} {down * r}{arc}{-right * r} {-down * r}z"


def _half(scrap: Scrap, chance: random.Random) -> str:
    """A half circle that stands on the lower edge."""
    r = _short(scrap.side / 2)
    x = _short(scrap.x + (scrap.width - scrap.side) / 2)
    return f"M{x} {scrap.y + scrap.height}a{r} {r} 0 0 1 {scrap.side} 0z"


def _sun(scrap: Scrap, chance: random.Random) -> str:
    r = scrap.side / 4
    x = _short(scrap.x + scrap.width / 2 - r)
    y = _short(scrap.y + scrap.height / 2)
    arc = f"a{_short(r)} {_short(r)} 0 0 1 "
    return f"M{x} {y}{arc}{_short(2 * r)} 0{arc}-{_short(2 * r)} 0z"


def _sail(scrap: Scrap, chance: random.Random) -> str:
    """Half of the scrap, cut from corner to corner."""
    x, y, right, down = _corner(scrap, chance)
    return f"M{x} {y}h{right * scrap.width}L{x} {y + down * scrap.height}z"


def _ripples(scrap: Scrap, chance: random.Random) -> str:
    x, y, right, down = _corner(scrap, chance)
    sweep = int(right == down)
    ways = []
    for share in (0.35, 0.65, 0.95) if scrap.side > 2 else (0.45, 0.85):
        r = scrap.side * share
        arc = f"a{_short(r)} {_short(r)} 0 0 {sweep} {_short(-right * r)} {_short(down * r)}"
        ways.append(f"M{_short(x + right * r)} {y}{arc}")
    return "".join(ways)


def _stripes(scrap: Scrap, chance: random.Random) -> str:
    """Lines a step apart, half a step from the edges."""
    if chance.random() < 0.5:
        steps = (f"M{scrap.x} {y}.5h{scrap.width}" for y in range(scrap.y, scrap.y + scrap.height))
    else:
        steps = (f"M{x}.5 {scrap.y}v{scrap.height}" for x in range(scrap.x, scrap.x + scrap.width))
    return "".join(steps)


def _short(value: float) -> str:
    """A number as SVG takes it at its shortest: .5 and not 0.5."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


Draw = Callable[[Scrap, random.Random], str]
SHAPES: dict[str, Draw] = {
    "quarter": _quarter,
    "leaf": _leaf,
    "half": _half,
    "sun": _sun,
    "sail": _sail,
}
THREADS: dict[str, Draw] = {"ripples": _ripples, "stripes": _stripes, "stitches": _stripes}
