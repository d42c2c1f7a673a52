"""Colours and patterns of covers, one palette for each kind of theme."""

from __future__ import annotations

from typing import NamedTuple


class Palette(NamedTuple):
    """Six colours of cloth, one for a few small scraps, and the patterns that go with the theme."""

    cloth: tuple[str, ...]
    accent: str
    patterns: tuple[str, ...]


PALETTES = {
    "ocean": Palette(
        ("#052561", "#083891", "#0b50d0", "#4c87f6", "#86aff9", "#d8e5fd"),
        "#ffb114",
        ("ripples", "ripples", "quarter", "half", "stripes"),
    ),
    "transport": Palette(
        ("#063a74", "#346fb2", "#98acc5", "#d6e0eb", "#eef2f7", "#223a58"),
        "#ffb114",
        ("stripes", "stripes", "sail", "quarter", "half"),
    ),
    "health": Palette(
        ("#0b78cb", "#e7f4fe", "#b1cefb", "#096ab3", "#eef2f7", "#063a74"),
        "#d63d4a",
        ("half", "leaf", "quarter", "ripples", "half"),
    ),
    "children": Palette(
        ("#fff3db", "#ffcf6e", "#fbeff0", "#d8e5fd", "#b1cefb", "#0b50d0"),
        "#d63d4a",
        ("sun", "half", "sun", "quarter", "ripples"),
    ),
    "digital": Palette(
        ("#03163a", "#083891", "#256ef4", "#86aff9", "#e5ecf9", "#39506c"),
        "#ffb114",
        ("stitches", "stripes", "sail", "ripples", "quarter"),
    ),
    "finance": Palette(
        ("#063a74", "#d6e0eb", "#eef2f7", "#fff3db", "#346fb2", "#d9b36a"),
        "#ffb114",
        ("sun", "quarter", "stripes", "half", "ripples"),
    ),
    "people": Palette(
        ("#ab2b36", "#fbeff0", "#d63d4a", "#fff3db", "#d8e5fd", "#083891"),
        "#ffb114",
        ("half", "half", "sun", "ripples", "quarter"),
    ),
    "culture": Palette(
        ("#5917b8", "#fbeff0", "#d63d4a", "#fff3db", "#083891", "#e9ddfa"),
        "#ffb114",
        ("leaf", "leaf", "quarter", "sail", "ripples"),
    ),
    "green": Palette(
        ("#267337", "#228738", "#a9d6b2", "#eaf6ec", "#fff3db", "#17452a"),
        "#ffb114",
        ("leaf", "leaf", "quarter", "ripples", "stripes"),
    ),
    "city": Palette(
        ("#39506c", "#98acc5", "#e5ecf9", "#fdefec", "#223a58", "#bd2c0f"),
        "#ffb114",
        ("sail", "stitches", "stripes", "half", "quarter"),
    ),
}
