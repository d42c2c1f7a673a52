"""The reviews of one line of the ranking on a scale from 0 to 5, drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..models import HIGHEST
from ..ranking import Row, shown

# A fifth of the width for each point, with room at both ends for a mark that stands there.
_UNIT, _ROOM, _MIDDLE = 24, 6, 10


def _place(value: Fraction) -> int:
    return _ROOM + round(value * _UNIT)


def strip(row: Row) -> SafeString:
    """A ring for each review and a bar for their mean; nothing where nobody has reviewed yet.

    The same figures stand in the table beside it.
    """
    if row.mean is None:
        return SafeString("")
    means = [given.mean for given in row.counted if given.mean is not None]
    width = 2 * _ROOM + HIGHEST * _UNIT
    return format_html(
        '<svg class="score-strip" viewBox="0 0 {} 20" width="{}" height="20" role="img"'
        ' focusable="false"><title>{}</title>'
        '<path class="score-line" d="M{} 10H{}"/>{}{}<path class="score-mean" d="M{} 3V17"/></svg>',
        width,
        width,
        ", ".join(shown(mean) for mean in means),
        _ROOM,
        width - _ROOM,
        format_html_join("", '<path class="score-line" d="M{} 7V13"/>', _ticks()),
        format_html_join("", '<circle class="score-dot" cx="{}" cy="10" r="4"/>', _dots(means)),
        _place(row.mean),
    )


def _ticks() -> list[tuple[int]]:
    return [(_place(Fraction(value)),) for value in range(HIGHEST + 1)]


def _dots(means: Sequence[Fraction]) -> list[tuple[int]]:
    return [(_place(mean),) for mean in means]
