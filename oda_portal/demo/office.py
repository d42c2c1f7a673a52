"""The office, what it does, its pages, and the words it sorts programmes by."""

from __future__ import annotations

from collections.abc import Iterator

from oda_portal.pages.models import Department, Faq, Office, Page, Service, Strand
from oda_portal.publishing.models import Source
from programs.models import Sector, Theme

from .book import Book
from .files import Files
from .reading import LANGUAGES, Record


def add_sources(book: Book, files: Files) -> None:
    addresses = files["mapping"].part("source_urls").values
    for source in [*_sources(files["sources"]), *_sources(files["additions"])]:
        book.add(
            Source,
            source.name,
            source,
            {
                "key": source.name,
                "url": source.word("url") or addresses.get(source.name, ""),
                "what": source.need("what"),
                "language": source.word("lang"),
                "published": source.word("published"),
            },
        )


def _sources(file: Record) -> Iterator[Record]:
    found = file.part("sources")
    for key in found.values:
        yield Record(file.file, key, found.part(key).values)


def add_office(book: Book, files: Files) -> None:
    for department in files.records("office", "departments", "slug"):
        values = {name: department.word(name) for name in ("telephone", "email")}
        values |= department.text("name") | {"position": department.number("position")}
        book.add(Department, department.name, department, values)
    file = files["office"]
    office = Record(file.file, "office", file.part("office").values)
    needed = ("name", "short_name", "city_name", "hero_title", "hero_lead")
    values = {name: office.word(name) for name in ("telephone", "email")}
    for field in (*needed, "tagline", "address"):
        values |= office.text(field, required=field in needed)
    values |= {
        "id": 1,  # the one row that there may be
        "latitude": office.place("latitude"),
        "longitude": office.place("longitude"),
        "is_government": office.flag("is_government"),
    }
    book.add(Office, "office", office, values)


def add_services(book: Book, files: Files) -> None:
    titles = files.by_id("programmes", "strands")
    for strand in files.records("services", "strands", "slug"):
        values = _fact(strand, titles).text("title")
        values |= {"slug": strand.name, "position": strand.number("position")}
        book.add(Strand, strand.name, strand, values | {"palette": strand.need("palette")})
    facts = files.by_id("programmes", "services")
    for service in files.records("services", "services", "slug"):
        fact = _fact(service, facts)
        values = fact.text("title") | fact.text("summary")
        for field in ("aim", "activities", "fields_covered"):
            values |= _lines(service, field)
        values |= service.text("body", required=False)
        values |= {
            "slug": service.name,
            "strand": service.refer("strand", Strand),
            "list_query": service.word("list_query"),
            "position": service.number("position"),
        }
        book.add(Service, service.name, fact, values, links={"sources": fact.sources()})


def _fact(record: Record, facts: dict[str, Record]) -> Record:
    return record.choose("slug", facts, "programmes.yaml")


def _lines(record: Record, field: str) -> dict[str, str]:
    """A list of texts as one text with a line for each."""
    lines = [
        Record(record.file, record.name, {"text": part.values}, part.inside).text("text")
        for part in record.parts(field)
    ]
    return {
        f"{field}_{end}": "\n".join(line[f"text_{end}"] for line in lines)
        for end in LANGUAGES.values()
    }


def add_pages(book: Book, files: Files) -> None:
    for page in files.records("pages", "pages", "slug"):
        since = page.day("effective_on")
        values = page.text("title") | page.text("body")
        values |= {
            "slug": page.name,
            "placement": page.need("placement"),
            "position": page.number("position"),
            "effective_on": since.first if since else None,
        }
        book.add(Page, page.name, page, values)


def add_faqs(book: Book, files: Files) -> None:
    for faq in files.records("faqs", "faqs", "slug"):
        topic = faq.need("topic")
        if topic not in Faq.Topic.values:
            raise faq.error("topic", f"“{topic}” is no topic")
        values = faq.text("question") | faq.text("answer")
        values |= {"slug": faq.name, "topic": topic, "position": faq.number("position")}
        book.add(Faq, faq.name, faq, values)


def add_words(book: Book, files: Files) -> None:
    """Themes, which citizens use, and the DAC's purpose codes."""
    for theme in files.records("themes", "themes", "slug"):
        values = theme.text("name") | {"slug": theme.name, "position": theme.number("position")}
        book.add(Theme, theme.name, theme, values | {"palette": theme.need("palette")})
    for sector in files.records("programmes", "dac_codes", "code"):
        book.add(Sector, sector.name, sector, sector.text("name") | {"code": sector.name})
