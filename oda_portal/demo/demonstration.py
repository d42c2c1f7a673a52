"""The demonstration as a whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from django.db import connection
from django.utils import translation

from . import (
    calls,
    deployments,
    forums,
    network,
    news,
    office,
    organisations,
    places,
    programmes,
    sample_edition,
    villages,
)
from .book import Book
from .files import FOLDER, Files
from .loading import load


def book_of(files: Files) -> Book:
    """Every entry of the demonstration; FactError names what is wrong in the files."""
    book = Book()
    places.add_countries(book, files)
    office.add_sources(book, files)
    office.add_office(book, files)
    office.add_words(book, files)
    office.add_services(book, files)
    office.add_pages(book, files)
    office.add_faqs(book, files)
    places.add_cities(book, files)
    organisations.add_organisations(book, files)
    organisations.add_agreements(book, files)
    programmes.add_programmes(book, files)
    deployments.add_deployments(book, files)
    villages.add_villages(book, files)
    calls.add_calls(book, files)
    sample_edition.add_sample_edition(book, files)
    forums.add_forums(book, files)
    network.add_network(book, files)
    programmes.add_gallery(book, files)
    news.add_news(book, files)
    book.check()
    return book


def load_demonstration(folder: Path = FOLDER) -> Counter[str]:
    """Load the files of a folder, or load them again; how many rows were created and changed.

    FactError says in English what is wrong; then nothing was written.
    """
    with translation.override("en"):
        counts = load(book_of(Files(folder)))
    if counts["created"]:
        _learn_what_is_there()
    return counts


def _learn_what_is_there() -> None:
    """Statistics of tables that were empty a moment ago let PostgreSQL join all with all."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
