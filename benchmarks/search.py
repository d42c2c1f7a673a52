"""What a search costs over 300,000 entries, beside the same search over 3,000.

    DATABASE_URL=… REDIS_URL=… FIELD_KEYS=… python -m benchmarks.search [entries]

300,000 entries unless said, on a PostgreSQL of this machine and in a database of its own, which it
makes. Articles in three languages are written, indexed by the rebuilding that production uses
(whose memory must stay flat), and looked through: a common word stands in two of five articles, a
rare one in twenty of all. Counted is the CPU time of this process and of the database's process
that serves it. The goal: at most 1.5 times the CPU of the small one, for each word.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from benchmarks.places import judge, numbered, own_database, set_up
from benchmarks.usage import cpu_of, memory

GOAL = 1.5
SMALL = 0.01  # of the entries
ROUNDS, TIMES = 5, 10
RARE = 20  # articles, whatever their number
COMMON_SHARE = 0.4
FLAT = 50.0  # MB that rebuilding may grow by


def write_articles(number: int) -> None:
    """Articles of about 120 words, one every hour back from now."""
    from benchmarks.generator.texts import WORDS, Texts
    from news.models import Article

    chance = random.Random(7)
    texts = {language: Texts(language, chance) for language in WORDS}
    rare = set(chance.sample(range(number), RARE))
    now = datetime.now(ZoneInfo("Asia/Seoul"))
    for first in range(0, number, 1000):
        rows = []
        for place in range(first, min(first + 1000, number)):
            values = {}
            is_common = chance.random() < COMMON_SHARE
            for language, (seldom, often) in WORDS.items():
                column = language.replace("-", "_")
                extra = [seldom] * (place in rare) + [often] * is_common
                in_title = extra if chance.random() < 0.1 else []
                values[f"title_{column}"] = texts[language].make(5, in_title)
                values[f"summary_{column}"] = texts[language].make(20, [])
                values[f"body_{column}"] = f"<p>{texts[language].make(100, extra)}</p>"
            rows.append(
                Article(
                    slug=f"benchmark-{place}",
                    status="published",
                    registered_at=now - timedelta(hours=place),
                    **values,
                )
            )
        Article.objects.bulk_create(rows)


def fill(number: int) -> None:
    """So many entries, three for an article."""
    from django.core.cache import caches
    from django.db import connection

    from oda_portal.search.indexing import rebuild
    from oda_portal.search.windows import KEY

    write_articles(number // 3)
    begin, held = time.perf_counter(), []
    for _batch in rebuild():
        held.append(memory())
    seconds = time.perf_counter() - begin
    print(f"{number:,} entries in {seconds:.0f} s, {held[0]:.0f} to {max(held):.0f} MB", flush=True)
    if max(held) - held[0] > FLAT:
        raise SystemExit("the memory grew")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    caches["pages"].delete(KEY)


def cost(act: Callable[[], object], pid: int) -> float:
    """Milliseconds of CPU a time, here and in the database; the median of some rounds."""
    found = []
    act()
    for _round in range(ROUNDS):
        begin = time.process_time() + cpu_of(pid)
        for _time in range(TIMES):
            act()
        found.append((time.process_time() + cpu_of(pid) - begin) / TIMES * 1000)
    return statistics.median(found)


def measure() -> dict[str, tuple[float, int]]:
    """What each word costs, and how many objects it finds."""
    from django.db import connection

    from benchmarks.generator.texts import WORDS
    from oda_portal.search.queries import search

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    found = {}
    for language, words in WORDS.items():
        for name, word in zip(("rare", "common"), words, strict=True):
            total = search(word, language=language).total
            paid = cost(partial(search, word, language=language), pid)
            found[f"{language} {name} {word}"] = (paid, total)
    return found


def over(number: int) -> dict[str, tuple[float, int]]:
    """The measures over so many entries, in a database made for them."""
    with own_database():
        fill(number)
        return measure()


def main() -> None:
    number = numbered(__doc__, 300_000, of="entries").parse_args().number
    set_up()
    few = max(round(number * SMALL), 3 * RARE)
    small, large = over(few), over(number)
    missed = []
    for name, (paid, total) in small.items():
        there, total_there = large[name]
        missed += [name] if there / paid > GOAL else []
        print(
            f"{name}: {paid:.1f} ms over {few:,} ({total} found),"
            f" {there:.1f} ms over {number:,} ({total_there} found): {there / paid:.2f}"
        )
    judge(missed)


if __name__ == "__main__":
    main()
