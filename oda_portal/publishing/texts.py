"""Which language a reader gets a text in, and how dates read in it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any, NamedTuple

import nh3
from django.conf import settings
from django.utils import formats, translation
from django.utils.html import escape, strip_tags
from django.utils.translation import pgettext

from . import pasted
from .models import Precision, language_columns

ALLOWED_TAGS = {
    *("p", "br", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "blockquote", "a", "hr"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "sub", "sup"),
}
ALLOWED_ATTRIBUTES = {
    "a": {"href", "hreflang", "title"},
    "ol": {"start"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}

# The first rows of a table when there are only headings in them.
_HEADINGS = re.compile(
    r"(<table>(?:<caption>(?:(?!</?caption).)*</caption>)?\s*)<tbody>"
    r"((?:\s*<tr>(?:\s*<th\b[^>]*>(?:(?!</?(?:table|t[hrd])\b).)*</th>)+\s*</tr>)+)",
    re.DOTALL,
)

_BLOCK_ENDS = re.compile(r"<(?:br|hr|/p|/li|/h[2-4]|/t[dhr]|/caption|/blockquote)\b[^<>]*>")

# Control characters, halves of characters, and those that never will be any.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Text(NamedTuple):
    """A text and the code of the language that it is written in."""

    text: str
    language: str

    @property
    def is_foreign(self) -> bool:
        """Whether the reader gets it in another language than the page's."""
        return bool(self.text) and self.language != translation.get_language()


def text_in(obj: Any, field: str) -> Text:
    """The field's text for a reader of the active language, and its language.

    Chinese readers get zh-hans, then en, then ko; English readers en, then ko. Empty where the
    field is empty in all of them.
    """
    for column in language_columns(field):
        if value := getattr(obj, column):
            return Text(value, column.removeprefix(f"{field}_").replace("_", "-"))
    return Text("", translation.get_language() or settings.LANGUAGE_CODE)


def clean_html(html: str) -> str:
    """The allowed part of rich text; links leave without telling where from.

    Rows of headings at the top of a table become its head: the editor knows only one body. What
    was pasted from an office program keeps what it means, and loses how it was written.
    """
    clean = nh3.clean(
        pasted.ours(html),
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
    )
    return _HEADINGS.sub(r"\1<thead>\2</thead><tbody>", clean)


def in_lines(html: str) -> str:
    """Rich text as plain text, each block on a line of its own."""
    return unescape(strip_tags(_BLOCK_ENDS.sub("\n", html)))


def without_controls(text: str) -> str:
    """The text without what neither XML nor a calendar can hold; lines and tabs stay."""
    return _CONTROLS.sub("", text)


def scrolling_tables(html: str) -> str:
    """Clean HTML whose tables scroll by themselves, so that a phone's page does not."""
    label = escape(pgettext("label of a part that scrolls", "Table"))
    opening = f'<div class="table-wrap" tabindex="0" role="group" aria-label="{label}"><table>'
    return html.replace("<table>", opening).replace("</table>", "</table></div>")


def day(value: date, precision: str = Precision.DAY) -> str:
    """A date as far as it is known, in the page's language."""
    return formats.date_format(value, format_rule(f"{precision.upper()}_PRECISION"))


def period(starts: date | None, ends: date | None, precision: str = Precision.DAY) -> str:
    """A range of dates as a reader of the page's language writes it; empty when unknown."""
    if starts is None or ends is None:
        known = starts or ends
        return day(known, precision) if known else ""
    shape = _shape(starts, ends, precision)
    if shape == "same":
        return day(starts, precision)
    first, joiner, last = format_rule("PERIODS")[shape]
    return formats.date_format(starts, first) + joiner + formats.date_format(ends, last)


def _shape(starts: date, ends: date, precision: str) -> str:
    """Which parts of the two dates are the same and need not be said twice."""
    same_year, same_month = starts.year == ends.year, starts.month == ends.month
    if precision == Precision.YEAR:
        return "same" if same_year else "years"
    if precision == Precision.MONTH:
        same = "same" if same_month else "months"
        return same if same_year else "months_and_years"
    if not same_year:
        return "days_and_years"
    if not same_month:
        return "days_and_months"
    return "same" if starts == ends else "days"


def won(value: int) -> str:
    """An amount of won in the units that the active language counts in."""
    pattern, units, split = format_rule("WON")
    parts = []
    for size, unit in units:
        if value >= size and not split:
            return pattern % f"{Decimal(value) / size:,f}{unit}"
        if value >= size:
            count, value = divmod(value, size)
            parts.append(f"{count:,}{unit}")
    if value or not parts:
        parts.append(f"{value:,}")
    return pattern % " ".join(parts)


def format_rule(name: str) -> Any:
    """A rule of the active language that Django's own formats have no name for."""
    for module in formats.get_format_modules():
        if found := getattr(module, name, None):
            return found
    raise LookupError(f"oda_portal.formats has no {name} for {translation.get_language()}")
