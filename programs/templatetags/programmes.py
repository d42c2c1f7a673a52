"""Template tags that say in words what a programme's rows hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, pgettext

from oda_portal.publishing.paging import LongPage
from oda_portal.publishing.pieces import pieces
from oda_portal.publishing.texts import text_in, won
from programs.models import Program
from programs.models.program import State

register = template.Library()

CARD = "programs/program_card.html"
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
    counted = {"names": joined, "total": rest + len(shown)}
    return gettext("%(names)s and others (%(total)s countries)") % counted


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
def state_badge(program: Program, today: date | None = None) -> SafeString:
    state = program.state(today)
    if state is None:
        return SafeString("")
    context = {"label": state.label, "tone": TONES[state]}
    return render_to_string("components/badge.html", context)


@register.simple_tag
def program_cards(rows: LongPage | Iterable[Program]) -> SafeString:
    """Their cards, one `<li>` each. Programmes are fetched only for those not yet written."""
    found: Any = rows.object_list if isinstance(rows, LongPage) else rows
    listed = isinstance(found, QuerySet)
    keys = list(found.values_list("pk", flat=True)) if listed else [row.pk for row in found]
    kept = pieces()
    written = {key: kept[CARD, key] for key in keys if (CARD, key) in kept}
    if wanted := [key for key in keys if key not in written]:
        for program in Program.objects.filter(pk__in=wanted).for_cards():
            card = render_to_string(CARD, {"program": program})
            kept[CARD, program.pk] = written[program.pk] = card
    # Of one that was deleted meanwhile there is none.
    return mark_safe("".join(written.get(key, "") for key in keys))  # noqa: S308  (our templates)


@register.simple_tag
def amount(value: Decimal, currency: str) -> str:
    """Money as the page's language says it: 6억 800만 원, KRW 608 million, 6.08亿韩元."""
    if currency != "KRW":
        return f"{currency} {number_format(value, force_grouping=True)}"
    return won(int(value))


@register.simple_tag
def figure(value: Decimal, about: bool = False) -> str:
    """A measured value without needless noughts, with the thousands set apart."""
    shown = number_format(
        value.normalize().to_integral() if value == value.to_integral() else value
    )
    return pgettext("number", "about %(n)s") % {"n": shown} if about else shown
