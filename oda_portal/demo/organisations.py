"""Organisations, and what they agreed."""

from __future__ import annotations

from partners.models import Agreement, Country, Organisation

from .book import Book
from .files import Files
from .reading import LANGUAGES, Record

# A name and, in brackets, its abbreviation.
ABBREVIATED = {"ko": "%s(%s)", "en": "%s (%s)", "zh": "%s（%s）"}


def add_organisations(book: Book, files: Files) -> None:
    labels = files["organisations"].part("types")
    mapping = files["mapping"]
    kinds = mapping.part("organisation_types").values
    exceptions = mapping.part("organisation_overrides").values
    never_looked_up = mapping.need("url_source_not_shown")
    for body in files.records("organisations", "organisations"):
        kind = body.choose("type", kinds, "organisation_types of mapping.yaml")
        shown = body.has("url") and body.need("url_source") != never_looked_up
        values = body.text("name") | body.text("about", required=False)
        values |= body.text("legal_name", required=False) | _predecessors(body)
        values |= labels.text(body.word("type"), "label")
        values |= {
            "slug": body.name,
            "abbreviation": body.word("abbr"),
            "kind": exceptions.get(body.name, kind),
            "country": body.refer("iso2", Country),
            "parent": body.refer("parent", Organisation),
            "url": body.word("url") if shown else "",
            "chinese_name_is_ours": body.has("zh_name_is"),
            "editor_note": body.word("caution"),
        }
        book.add(Organisation, body.name, body, values, links={"sources": body.sources()})


def _predecessors(body: Record) -> dict[str, str]:
    """The bodies that it was formed from, one a line."""
    lines: dict[str, list[str]] = {code: [] for code in LANGUAGES}
    for earlier in body.parts("predecessors"):
        names, short = earlier.text("name"), earlier.word("abbr")
        for code, end in LANGUAGES.items():
            name = names[f"name_{end}"]
            lines[code].append(ABBREVIATED[code] % (name, short) if short else name)
    return {f"predecessors_{end}": "\n".join(lines[code]) for code, end in LANGUAGES.items()}


def add_agreements(book: Book, files: Files) -> None:
    events = files.by_id("network", "events")
    for agreement in files.records("mapping", "agreements", "slug"):
        event = _event(agreement, events)
        signed = event.day("date" if event is not agreement else "signed_on")
        if signed is None:
            raise agreement.error("signed_on", "is missing")
        values = agreement.text("title")
        values |= event.text("text" if event is not agreement else "summary", "summary")
        values |= {
            "slug": agreement.name,
            "signed_on": signed.first,
            "precision": signed.precision,
        }
        links = {
            "parties": agreement.refers("parties", Organisation),
            "sources": event.sources(),
        }
        book.add(Agreement, agreement.name, agreement, values, links=links)


def _event(agreement: Record, events: dict[str, Record]) -> Record:
    """The fact that tells of the agreement: an event of the network, or the entry itself."""
    if not agreement.has("event"):
        return agreement
    return agreement.choose("event", events, "network.yaml")
