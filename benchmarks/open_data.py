"""What a file of 300,000 rows costs: memory that does not grow, and few questions for many rows.

    DATABASE_URL=… python benchmarks/open_data.py [rows, 300000 unless said]

As many articles as rows, each with two countries and a theme, which is fetched beside them, are
written as CSV and as JSON. Uses a database of its own, made for the purpose: with DATABASE_URL a
test database on that server, otherwise SQLite in a temporary folder.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")

# What writing a file may add to the memory of the process, of any number of rows.
GROWTH = 50.0  # MB
# Questions for each part of the rows: the rows themselves, and each kind of thing beside them.
MOST_A_PART = 6
COUNTRIES = 10


def memory() -> float:
    """What this process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def fill(number: int) -> None:
    from django.utils import timezone

    from news.models import Article
    from partners.models import Country
    from programs.models import Theme

    now = timezone.now()
    countries = [
        Country.objects.create(code=f"A{letter}", alpha3=f"A{letter}X", name_ko=f"나라 {letter}")
        for letter in "BCDEFGHIJK"
    ]
    themes = [Theme.objects.create(slug=f"theme-{n}", name_ko=f"주제 {n}") for n in range(5)]
    for start in range(0, number, 2000):
        rows = Article.objects.bulk_create(
            Article(
                slug=f"article-{n}", status="published", title_ko=f"새 소식 {n}",
                title_en=f"News item {n}", title_zh_hans=f"新闻{n}",
                summary_ko="한 줄로 말한 소식." * 8, summary_en="In one line. " * 8,
                body_ko="<p>글</p>" * 50, registered_at=now - timedelta(minutes=n),
            )
            for n in range(start, min(start + 2000, number))
        )  # fmt: skip
        of_country: Any = Article.countries.through
        of_theme: Any = Article.themes.through
        of_country.objects.bulk_create(
            of_country(article=row, country=countries[(row.pk + turn) % COUNTRIES])
            for row in rows
            for turn in range(2)
        )
        of_theme.objects.bulk_create(
            of_theme(article=row, theme=themes[row.pk % 5]) for row in rows
        )


def measure(name: str, make: Callable[..., Any], number: int) -> bool:
    """Write the file to nowhere; whether it stayed within its bounds."""
    from django.db import connection
    from django.http import QueryDict

    from oda_portal.opendata.asking import asked_of
    from oda_portal.opendata.files import AT_ONCE
    from oda_portal.opendata.registry import dataset

    asked_for = 0

    def counted(execute: Any, *arguments: Any) -> Any:
        nonlocal asked_for
        asked_for += 1
        return execute(*arguments)

    found = dataset("news")
    b"".join(make(found, asked_of(found, QueryDict("q=no+such+words"))))  # what is imported once
    before = most = memory()
    begin, size, lines = time.process_time(), 0, 0
    with connection.execute_wrapper(counted):
        for part in make(found, asked_of(found, QueryDict("lang=en"))):
            size += len(part)
            lines += part.count(b"\n")
            most = max(most, memory())
    spent = time.process_time() - begin
    parts = -(-number // AT_ONCE)
    print(
        f"{name}: {lines} lines, {size / 2**20:.0f} MB in {spent:.0f} s of CPU;"
        f" {asked_for / parts:.1f} questions for {AT_ONCE} rows;"
        f" memory from {before:.1f} MB to {most:.1f} MB at most",
        flush=True,
    )
    assert lines >= number
    return most - before <= GROWTH and asked_for <= parts * MOST_A_PART


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ.setdefault("SECRET_KEY", "for-the-benchmark-only")
        import django

        django.setup()
        from django.db import connection

        from oda_portal.opendata.files import csv_file, json_file

        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3"
        connection.settings_dict["TEST"]["MIGRATE"] = False  # empty tables, as the models stand
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            fill(number)
            kept = [measure("CSV", csv_file, number), measure("JSON", json_file, number)]
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
        if not all(kept):
            raise SystemExit("the memory grew, or rows were asked for one by one")


if __name__ == "__main__":
    main()
