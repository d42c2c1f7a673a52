"""Template tags for translated text, dates and drawn signs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext

from oda_portal.drawing.covers import cover as draw_cover
from oda_portal.languages import HTML_LANG, path_in
from oda_portal.publishing import texts as rules
from oda_portal.publishing.icons import icon_svg
from oda_portal.publishing.models import Precision
from oda_portal.publishing.slugs import HANGUL

register = template.Library()

_KNOWN = (
    (10, "%Y-%m-%d", Precision.DAY),
    (7, "%Y-%m", Precision.MONTH),
    (4, "%Y", Precision.YEAR),
)


@register.simple_tag
def text(obj: Any, field: str) -> str | SafeString:
    """The text, wrapped with its own `lang` where it is not in the page's language."""
    found = rules.text_in(obj, field)
    if not found.is_foreign:
        return found.text
    return format_html('<span lang="{}">{}</span>', HTML_LANG[found.language], found.text)


@register.simple_tag
def plain(obj: Any, field: str) -> str:
    """The text alone, for titles and attributes."""
    return rules.text_in(obj, field).text


@register.simple_tag
def rich(obj: Any, field: str) -> SafeString:
    """Rich text, cleaned once more on its way out."""
    found = rules.text_in(obj, field)
    html = mark_safe(rules.scrolling_tables(rules.clean_html(found.text)))  # noqa: S308  (clean)
    if not found.is_foreign:
        return html
    return format_html('<div lang="{}">{}</div>', HTML_LANG[found.language], html)


@register.simple_tag
def foreign(obj: Any, field: str) -> str:
    """The language code of the text where it is not the page's; empty where it is."""
    found = rules.text_in(obj, field)
    return found.language if found.is_foreign else ""


@register.simple_tag(takes_context=True)
def canonical(context: template.Context, obj: Any, field: str) -> str:
    """The page's address in the language that its text is really in."""
    language = rules.text_in(obj, field).language
    return settings.SITE_URL + path_in(context["request"].path, language)


@register.filter
def html_lang(code: str) -> str:
    """What `lang` and `hreflang` say for a language code; others, as x-default, stay."""
    return HTML_LANG.get(code, code)


@register.filter
def as_written(name: str) -> str | SafeString:
    """A name that no language has a word for; one in Hangul is read in Korean on every page."""
    if get_language() == "ko" or not HANGUL.search(name):
        return name
    return format_html('<span lang="ko">{}</span>', name)


@register.filter
def in_brackets(value: str) -> str:
    """In the brackets of the page's language: Chinese ones are as wide as its letters."""
    return pgettext("brackets", "(%(text)s)") % {"text": value}


@register.filter
def lines(value: str) -> list[str]:
    """The lines of a text that have something in them."""
    return [line.strip() for line in value.splitlines() if line.strip()]


@register.filter
def broken_at_bars(value: str) -> list[str]:
    """The parts of a title that a bar breaks into lines."""
    return [part.strip() for part in value.split("|")]


@register.filter
def day(value: date | None, precision: str = Precision.DAY) -> str | SafeString:
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    known = {"day": 10, "month": 7, "year": 4}[precision]
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat()[:known], rules.day(value, precision)
    )


@register.filter
def year(value: int) -> str:
    """A year as the page's language says it: 2019년."""
    return rules.day(date(value, 1, 1), Precision.YEAR)


@register.filter
def as_known(value: str) -> str:
    """An ISO date of which the end may be missing (2019-07-05, 2022-11, 2022), to be read."""
    for length, pattern, precision in _KNOWN:
        if len(value) == length:
            try:
                return rules.day(datetime.strptime(value, pattern).date(), precision)
            except ValueError:
                break
    return value


@register.simple_tag
def period(starts: date | None, ends: date | None, precision: str = Precision.DAY) -> str:
    return rules.period(starts, ends, precision)


@register.simple_tag
def icon(name: str) -> SafeString:
    return icon_svg(name)


@register.simple_tag
def cover(obj: Any, detail: bool = False) -> SafeString:
    """The drawn cover of anything that says its `cover_seed` and `palette`."""
    drawn = draw_cover(obj.cover_seed, obj.palette, detail=detail)
    return mark_safe(drawn)  # noqa: S308  (our own drawing, no text of anybody's in it)
