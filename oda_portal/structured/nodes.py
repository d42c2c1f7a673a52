"""The parts that descriptions of pages (schema.org, as JSON-LD) are put together from.

A node tells what its page shows, in the same words, and leaves out what the page does not know.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeAlias

from django.utils import timezone

from oda_portal.languages import HTML_LANG, absolute
from oda_portal.publishing import texts
from oda_portal.publishing.models import Precision
from oda_portal.publishing.texts import text_in

Node: TypeAlias = dict[str, Any]

OFFICE = "#office"
WEBSITE = "#website"
SCHEDULED = "https://schema.org/EventScheduled"
CANCELLED = "https://schema.org/EventCancelled"
_LENGTHS: dict[str, int] = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}


def node(kind: str, **parts: Any) -> Node:
    """A node of this type without the parts that are empty; an `id` of "#x" is one of its page."""
    found = {name: value for name, value in parts.items() if value not in (None, "", [], {})}
    identity = {"@id": found.pop("id")} if "id" in found else {}
    return {"@type": kind, **identity, **found}


def the_office() -> Node:
    """A reference: the office itself stands in the graph of every page."""
    return {"@id": absolute(f"/{OFFICE}")}


def said(obj: Any, field: str) -> str:
    return text_in(obj, field).text


def language_of(obj: Any, field: str) -> str:
    """The language in which the page shows the text, as `lang` says it."""
    return HTML_LANG[text_in(obj, field).language]


def plain(rich: str) -> str:
    """Rich text as the words that a reader sees, on one line."""
    return " ".join(texts.in_lines(texts.clean_html(rich)).split())


def moment(value: datetime | None) -> str | None:
    """ISO 8601 in Korea time, as pages say it: 2026-11-20T18:00:00+09:00."""
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None


def day(value: date | None, precision: str = Precision.DAY) -> str | None:
    """A date as far as it is known: 2026-11-20, 2026-11 or 2026."""
    return value.isoformat()[: _LENGTHS[precision]] if value else None


def day_in_words(value: datetime) -> str:
    """The day in Korea, in the reader's language."""
    return texts.day(timezone.localdate(value))


def place(
    name: str, *, latitude: float | None = None, longitude: float | None = None
) -> Node | None:
    """A place by its name, with its point where that is known."""
    return node("Place", name=name, geo=point(latitude, longitude)) if name else None


def town(name: str, country: str) -> Node:
    """A town as the address of what is done there; without its name, only the country."""
    address = node("PostalAddress", addressLocality=name, addressCountry=country)
    return node("Place", name=name, address=address)


def point(latitude: float | None, longitude: float | None) -> Node | None:
    if latitude is None or longitude is None:
        return None
    return node("GeoCoordinates", latitude=latitude, longitude=longitude)


def countries(rows: Iterable[Any]) -> list[Node]:
    """Countries and areas; each row has `name` in the languages, and `code`."""
    return [node("Country", name=said(row, "name"), identifier=row.code) for row in rows]


def organisation(row: Any) -> Node:
    """A partner that the page names and links to."""
    address = absolute(row.get_absolute_url())
    return node("Organization", id=f"{address}#organisation", name=said(row, "name"), url=address)


def one_or_all(values: list[Any]) -> Any:
    """A single value by itself, as schema.org is mostly read; several as they are."""
    return values[0] if len(values) == 1 else values
