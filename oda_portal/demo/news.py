"""News: news.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.html import escape

from news.models import Article, ArticlePhoto
from news.models.articles import Registered
from oda_portal.publishing.models import Precision
from partners.models import City, Organisation
from programs.models import CountryShare, Program

from .book import Book
from .files import Files
from .program_parts import countries_of
from .reading import LANGUAGES, Record, Reference

REGISTERED = {Precision.DAY: Registered.DAY, Precision.MONTH: Registered.MONTH}
TIMES = frozenset({"registered_at", "registered_precision"})


def add_news(book: Book, files: Files) -> None:
    kinds = files["mapping"].part("news_categories").values
    for fact in files.records("news", "items"):
        rules = files.rules("news", fact.name)
        found = fact.choose("category", kinds, "news_categories of mapping.yaml")
        values = {name: rules.values.get(name, found[name]) for name in ("kind", "ours")}
        values |= fact.text("title") | fact.text("lead", "summary") | _body(fact)
        values |= _byline(fact, files) | _registered(fact)
        values |= {"slug": fact.name, "editor_note": fact.word("note") or fact.word("date_note")}
        links = _links(book, fact, rules)
        article = book.add(Article, fact.name, fact, values, links=links, together=TIMES)
        _add_picture(book, article, fact)


def _body(fact: Record) -> dict[str, str]:
    paragraphs = list(fact.parts("body"))
    for paragraph in paragraphs:
        for code in LANGUAGES:
            paragraph.need(code)
    return {
        f"body_{end}": "".join(f"<p>{escape(part.word(code))}</p>" for part in paragraphs)
        for code, end in LANGUAGES.items()
    }


def _byline(fact: Record, files: Files) -> dict[str, str]:
    """The editors; where the article retells somebody's, that one is named with them."""
    bylines = files["additions"].part("news_bylines")
    if not fact.has("original"):
        return bylines.text("own", "byline")
    bodies = files.by_id("organisations", "organisations")
    outlet = fact.part("original").choose("outlet", bodies, "organisations.yaml").text("name")
    patterns = bylines.text("retold", "byline")
    return {
        name: pattern % outlet[name.replace("byline", "name")] for name, pattern in patterns.items()
    }


def _registered(fact: Record) -> dict[str, Any]:
    """A moment with its zone, or a day or a month of Korea."""
    word = str(fact.need("published_at"))
    if "T" in word:
        try:
            at = datetime.fromisoformat(word)
        except ValueError:
            raise fact.error("published_at", f"“{word}” is not a moment") from None
        return {"registered_at": at.astimezone(UTC), "registered_precision": Registered.TIME}
    known = fact.day("published_at")
    if known is None or known.precision not in REGISTERED:
        raise fact.error("published_at", f"“{word}” says neither day nor month")
    midnight = timezone.make_aware(datetime.combine(known.first, time()))
    precision = REGISTERED[Precision(known.precision)]
    return {"registered_at": midnight.astimezone(UTC), "registered_precision": precision}


def _links(book: Book, fact: Record, rules: Record) -> dict[str, list[Reference]]:
    """What the fact names, and what the programmes it names are about."""
    related = fact.part("related") if fact.has("related") else Record(fact.file, fact.name, {})
    named = [fact.refer(field, Program) for field in ("programme", "village", "forum")]
    programs = [program for program in named if program]
    programs += fact.refers("deployments", Program) + related.refers("programmes", Program)
    entries = [
        book.entries[Program][program.key] for program in programs if book.has(Program, program.key)
    ]
    cities = fact.refers("cities", City) + [
        city for entry in entries for city in entry.links["cities"]
    ]
    bodies = related.refers("organisations", Organisation)
    return {
        "programs": programs,
        "cities": _once(cities),
        "countries": _once([*countries_of(cities, book), *_countries(book, programs)]),
        "organisations": _once([*bodies, *rules.refers("organisations", Organisation)]),
        "themes": _once(theme for entry in entries for theme in entry.links["themes"]),
        "sources": fact.sources(),
    }


def _countries(book: Book, programs: list[Reference]) -> list[Reference]:
    keys = {program.key for program in programs}
    shares = book.entries.get(CountryShare, {}).values()
    return [share.values["country"] for share in shares if share.values["program"].key in keys]


def _once(references: Iterable[Reference]) -> list[Reference]:
    return list({reference.key: reference for reference in references}.values())


def _add_picture(book: Book, article: Reference, fact: Record) -> None:
    """The article that was retold has a picture, whose caption says what its title says."""
    if fact.has("original"):
        values = fact.text("title", "caption") | {"article": article}
        book.add(ArticlePhoto, fact.name, fact, values, owner=article)
