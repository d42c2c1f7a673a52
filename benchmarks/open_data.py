"""What a file of 300,000 rows costs: memory that does not grow, and few questions for many rows.

    DATABASE_URL=… REDIS_URL=… FIELD_KEYS=… python -m benchmarks.open_data [rows]

As many articles as rows, each with two countries and a theme, which is fetched beside them, are
written as CSV and as JSON. On a PostgreSQL, and in a database of its own, which it makes and takes
away.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.copies import copy
from benchmarks.places import judge, numbered, own_database, set_up
from benchmarks.usage import memory

# What writing a file may add to the memory of the process, of any number of rows.
GROWTH = 50.0  # MB
# Questions for each part of the rows: the rows themselves, and each kind of thing beside them.
MOST_A_PART = 6


def fill(number: int) -> None:
    from django.utils import timezone

    from news.models import Article
    from partners.models import Country
    from programs.models import Theme

    countries = [
        Country.objects.create(code=f"A{letter}", alpha3=f"A{letter}X", name_ko=f"나라 {letter}")
        for letter in "BCDEFGHIJK"
    ]
    themes = [Theme.objects.create(slug=f"theme-{n}", name_ko=f"주제 {n}") for n in range(5)]
    article = Article.objects.create(
        slug="article-1", status="published", title_ko="새 소식", title_en="News item",
        title_zh_hans="新闻", summary_ko="한 줄로 말한 소식." * 8, summary_en="In one line. " * 8,
        body_ko="<p>글</p>" * 50, registered_at=timezone.now(),
    )  # fmt: skip
    copy(
        article, number, slug="'article-' || n", registered_at="now() - n * interval '1 minute'",
        title_ko="'새 소식 ' || n", title_en="'News item ' || n", title_zh_hans="'新闻' || n",
    )  # fmt: skip
    connect(Article.countries.through, "country_id", [row.pk for row in countries], each=2)
    connect(Article.themes.through, "theme_id", [row.pk for row in themes], each=1)


def connect(through: Any, column: str, keys: list[int], *, each: int) -> None:
    """Every article with so many of the rows that have these keys, in turn."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {through._meta.db_table} (article_id, {column})"
            f" SELECT id, (%s::bigint[])[(id + turn) %% {len(keys)} + 1]"
            f" FROM news_article, generate_series(1, {each}) AS turn",
            [keys],
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
    number = numbered(__doc__, 300_000, of="rows").parse_args().number
    set_up()
    from oda_portal.opendata.files import csv_file, json_file

    missed: list[str] = []
    with own_database():
        fill(number)
        for name, make in (("CSV", csv_file), ("JSON", json_file)):
            if not measure(name, make, number):
                missed.append(name)
    judge(missed)


if __name__ == "__main__":
    main()
