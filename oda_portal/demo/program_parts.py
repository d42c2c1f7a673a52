"""What all programmes have, whichever file of facts they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from oda_portal.publishing.models import Source
from partners.models import City, Country, Organisation
from programs.models import (
    CountryShare,
    Indicator,
    Measurement,
    ParticipantGroup,
    Program,
    Role,
    Run,
    Sector,
    SectorShare,
    Theme,
)

from .book import Book
from .files import Files
from .periods import Period, ruled
from .reading import Record, Reference

KIND_COLUMNS = ("kind", "arrangement", "modality", "ours")
# The field of a fact that tells the kind, for files with more than one.
TELLS_THE_KIND = {"programmes": "kind", "forums": "series"}


@dataclass
class Outline:
    """A programme as its file tells it. `values` are columns that only this file knows of."""

    file: str
    fact: Record
    period: Period
    values: dict[str, Any] = field(default_factory=dict)
    cities: list[Reference] = field(default_factory=list)
    countries: list[Reference] = field(default_factory=list)
    steps: list[Record] = field(default_factory=list)
    village: Reference | None = None


def add_program(book: Book, files: Files, outline: Outline) -> Reference:
    fact, code = outline.fact, outline.fact.name
    rules, added = files.rules(outline.file, code), files.added(outline.file, code)
    values = _kind(files, outline, rules) | (ruled(rules) or outline.period).columns()
    values |= fact.text("title") | added.text("body", required=False) | outline.values
    values |= {
        "code": code,
        "date_is_estimate": _flag(
            rules, fact, "date_is_estimate", "year_is_estimate", "date_inferred"
        ),
        "announced_only": _flag(rules, fact, "announced_only", "planned_only"),
        "countries_total": rules.number("countries_total") or fact.number("countries_total"),
        "edition": fact.number("edition"),
        "village": outline.village,
        "editor_note": outline.values.get("editor_note") or fact.word("caution"),
    }
    # With those of its steps: the foot of the page names the source of all that it says.
    sources = fact.sources() + rules.refers("sources_added", Source)
    sources += [source for step in outline.steps for source in step.sources()]
    sources = list({source.key: source for source in sources}.values())
    links = {"cities": outline.cities, "themes": rules.refers("themes", Theme), "sources": sources}
    program = book.add(Program, code, fact, values, links=links)
    _add_countries(book, program, outline)
    _add_sectors(book, program, fact)
    _add_roles(book, program, files, outline, rules)
    _add_indicators(book, program, files, outline)
    return program


def _kind(files: Files, outline: Outline, rules: Record) -> dict[str, Any]:
    kinds = files["mapping"].part("kinds").part(outline.file).values
    tells = TELLS_THE_KIND.get(outline.file)
    found = outline.fact.choose(tells, kinds, "kinds of mapping.yaml") if tells else kinds["all"]
    return {name: rules.values.get(name, found[name]) for name in KIND_COLUMNS}


def _flag(rules: Record, fact: Record, name: str, *names_in_facts: str) -> bool:
    if name in rules.values:
        return rules.flag(name)
    return any(fact.flag(known) for known in names_in_facts)


def _add_countries(book: Book, program: Reference, outline: Outline) -> None:
    for country in outline.countries:
        values = {"program": program, "country": country}
        key = f"{program.key}/{country.key}"
        book.add(CountryShare, key, outline.fact, values, owner=program)


def _add_sectors(book: Book, program: Reference, fact: Record) -> None:
    for sector in fact.refers("dac_guess", Sector):
        values = {"program": program, "sector": sector, "basis": SectorShare.Basis.ESTIMATED}
        book.add(SectorShare, f"{program.key}/{sector.key}", fact, values, owner=program)


def _add_roles(
    book: Book, program: Reference, files: Files, outline: Outline, rules: Record
) -> None:
    seen = set()
    for kind, organisation in _roles(files, outline, rules):
        key = f"{program.key}/{organisation.key}/{kind}"
        if key not in seen:
            seen.add(key)
            values = {"program": program, "organisation": organisation, "kind": kind}
            book.add(Role, key, organisation.record, values, owner=program)


def _roles(files: Files, outline: Outline, rules: Record) -> Iterator[tuple[str, Reference]]:
    """The record's own roles; without any, those that its fields and its file say."""
    if "roles" in rules.values:
        yield from _roles_in(rules.part("roles") if rules.has("roles") else rules)
    else:
        yield from _derived_roles(files["mapping"], outline)
    for organisation in rules.refers("took_part", Organisation):
        yield Role.Kind.TAKES_PART, organisation


def _derived_roles(mapping: Record, outline: Outline) -> Iterator[tuple[str, Reference]]:
    for name, kind in mapping.part("fields_to_roles").values.items():
        for organisation in outline.fact.refers(name, Organisation):
            yield kind, organisation
    defaults = mapping.part("default_roles")
    if defaults.has(outline.file):
        yield from _roles_in(defaults.part(outline.file))


def _roles_in(record: Record) -> Iterator[tuple[str, Reference]]:
    for kind in record.values:
        if kind in Role.Kind.values:
            for organisation in record.refers(kind, Organisation):
                yield kind, organisation


def add_run(
    book: Book,
    files: Files,
    program: Reference,
    record: Record,
    period: Period,
    *,
    number: int = 1,
    note: Record,
) -> Reference:
    """One time that a programme took place, with the people whom the record counts."""
    modes = files["mapping"].part("modes").values
    mode = Run.Mode.UNKNOWN
    if record.has("mode"):
        mode = record.choose("mode", modes, "modes of mapping.yaml")
    values = period.columns() | note.text("note", required=False)
    values |= {"program": program, "number": number, "mode": mode}
    # A session names sources of its own; a fact's are the programme's already.
    links = {"sources": record.sources() if record.inside else []}
    key = f"{program.key}/{number}"
    run = book.add(Run, key, record, values, owner=program, links=links)
    labels = files["additions"].part("group_labels")
    for name in record.values:
        if (label := name.removesuffix("_about")) in labels.values:
            values = labels.text(label, "label")
            values |= {"run": run, "total": record.number(name), "about": label != name}
            book.add(ParticipantGroup, f"{key}/{label}", record, values, owner=run)
    return run


def _add_indicators(book: Book, program: Reference, files: Files, outline: Outline) -> None:
    groups = files["additions"].part("group_labels").values
    announced = outline.fact.name in files["additions"].words("announced_beforehand")
    for indicator in files.records("additions", "indicators", "key"):
        if outline.file not in indicator.words("files"):
            continue
        for name in indicator.words("fields"):
            value = _counted(outline.fact, name.split("."))
            if value is not None and name.removesuffix("_about") not in groups:
                about = name.endswith("_about")
                _add_indicator(book, program, indicator, value, about=about, announced=announced)


def _counted(record: Record, names: list[str]) -> int | None:
    for name in names[:-1]:
        if not record.has(name):
            return None
        record = record.part(name)
    return record.number(names[-1])


def _add_indicator(
    book: Book,
    program: Reference,
    indicator: Record,
    value: int,
    *,
    about: bool,
    announced: bool,
) -> None:
    key = f"{program.key}/{indicator.name}"
    values = indicator.text("name") | indicator.text("unit", required=False)
    values |= {name: indicator.need(name) for name in ("level", "measure", "position")}
    values |= {"program": program}
    added = book.add(Indicator, key, indicator, values, owner=program)
    values = {
        "indicator": added,
        "value": Decimal(value),
        "about": about,
        "announced": announced,
    }
    book.add(Measurement, key, indicator, values, owner=added)


def countries_of(cities: Iterable[Reference], book: Book) -> list[Reference]:
    """The countries that cities lie in, each once."""
    found: dict[str, Reference] = {}
    for city in cities:
        if book.has(City, city.key):
            country = book.entries[City][city.key].values["country"]
            found.setdefault(country.key, Reference(Country, country.key, city.record, city.field))
    return list(found.values())


def venue(fact: Record, files: Files) -> dict[str, str]:
    """The venue in words, or the name of the organisation that it is."""
    if not fact.has("venue"):
        return fact.text("venue_text", "venue", required=False)
    bodies = files.by_id("organisations", "organisations")
    return fact.choose("venue", bodies, "organisations.yaml").text("name", "venue")
