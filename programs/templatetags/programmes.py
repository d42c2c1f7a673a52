"""Template tags that say in words what a programme's rows hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import ngettext, pgettext

from oda_portal.publishing.texts import text_in
from programs.models import Program
from programs.models.program import State

register = template.Library()

TONES = {
    State.PLANNED: "soon",
    State.RUNNING: "open",
    State.FOLLOW_UP: "wait",
    State.CLOSED: "closed",
    State.CANCELLED: "bad",
}


@register.simple_tag
def names(rows: Iterable[Any], limit: int = 0, total: int | None = None) -> str:
    """Names in a row; past `limit` the rest is counted. `total` may exceed those that are named."""
    texts = [text_in(row, "name").text for row in rows]
    shown = texts[:limit] if limit else texts
    joined = pgettext("between the names in a list", ", ").join(shown)
    rest = max(total or 0, len(texts)) - len(shown)
    if rest <= 0:
        return joined
    return ngettext(
        "%(names)s and %(rest)s more (%(total)s countries in all)",
        "%(names)s and %(rest)s more (%(total)s countries in all)",
        rest,
    ) % {"names": joined, "rest": rest, "total": rest + len(shown)}


@register.simple_tag
def people(number: int | None, about: bool = False) -> str:
    """A number of people in words; empty where it is not known."""
    if number is None:
        return ""
    shown = {"n": number_format(number, force_grouping=True)}
    if about:
        return ngettext("about %(n)s person", "about %(n)s people", number) % shown
    return ngettext("%(n)s person", "%(n)s people", number) % shown


@register.simple_tag
def people_of(program: Program) -> str:
    return people(program.people(), program.people_is_about())


@register.simple_tag
def state_badge(program: Program, today: date | None = None) -> SafeString:
    state = program.state(today)
    context = {"label": state.label, "tone": TONES[state]}
    return render_to_string("components/badge.html", context)


@register.simple_tag
def amount(value: Decimal, currency: str) -> str:
    """Money as a reader of the language reads it: won in millions, KRW first in English."""
    if currency == "KRW" and value >= 1_000_000 and value % 1_000_000 == 0:
        return won_in_millions(int(value) // 1_000_000)
    return f"{currency} {number_format(value, force_grouping=True)}"


def won_in_millions(millions: int) -> str:
    """KRW 608 million; 6억 800만 원; 6.08亿韩元."""
    eok, rest = divmod(millions, 100)
    # Korean and Chinese count in ten thousands and hundred millions, and leave out empty parts.
    shape = "won: both" if eok and rest else "won: hundred millions" if eok else "won: millions"
    return pgettext(shape, "KRW %(millions)s million") % {
        "millions": number_format(millions, force_grouping=True),
        "eok": number_format(eok, force_grouping=True),
        "man": rest * 100,
        "yi": f"{Decimal(millions) / 100:f}",
    }


@register.simple_tag
def figure(value: Decimal, about: bool = False) -> str:
    """A measured value without needless noughts, with the thousands set apart."""
    shown = number_format(value.normalize().to_integral() if value == value.to_integral() else value)
    return pgettext("number", "about %(n)s") % {"n": shown} if about else shown
