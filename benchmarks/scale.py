"""What pages cost over 1,000,000 programmes, beside the same pages over 1,000.

    DATABASE_URL=… REDIS_URL=… FIELD_KEYS=… \\
        python -m benchmarks.scale [1000] [1000000] [--rounds 5] [--requests 30]

On a PostgreSQL of this machine. Beside the database that is named it makes two of its own, filled
by `benchmarks.generate` (some ten minutes for a million on two idle cores), and keeps them for the
next time. Both sites are served as in production and take turns with each page; the median of
the ratios within a round is judged. No page is taken from the page cache, so pages are made
anew. What a site keeps for a minute (choices of filters, menu) is there, as on one that is read.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from typing import NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

from benchmarks.places import address_of, create_database, judge, set_up

os.environ.setdefault("DEMO", "true")
set_up()

from django.db import connection  # noqa: E402

from benchmarks.generator.surroundings import MARK  # noqa: E402
from benchmarks.generator.texts import WORDS  # noqa: E402
from benchmarks.harness import Cost, Server, commit, cost  # noqa: E402
from benchmarks.usage import postmaster  # noqa: E402
from oda_portal.languages import path_in  # noqa: E402

GOAL, SEARCH_GOAL = 1.2, 1.5
PREFIXES = ("", "/en", "/zh-hans")


class Row(NamedTuple):
    """A page of both sites; without a goal it is only told."""

    name: str
    small: list[str]
    large: list[str]
    goal: float | None


class Site:
    """A database of its own with so many programmes, and the portal serving it."""

    def __init__(self, number: int, place: int) -> None:
        self.number = number
        self.surroundings = {
            "DATABASE_URL": address_of(_database(number)),
            "REDIS_URL": _redis(place),
        }
        self.fill()
        self.server = Server("benchmarks.anew:application", surroundings=self.surroundings)

    def fill(self) -> None:
        name = _database(self.number)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            is_there = cursor.fetchone()
        if not is_there:
            create_database(name)
        self.run("manage.py", "prepare")
        self.run("-m", "benchmarks.generate", str(self.number))

    def run(self, *command: str) -> None:
        environment = {**os.environ, **self.surroundings}
        subprocess.run([sys.executable, *command], env=environment, check=True, stdout=sys.stderr)


def _database(number: int) -> str:
    return f"{connection.settings_dict['NAME']}_scale_{number}"


def _redis(place: int) -> str:
    """Each site has a Redis of its own: a change of one is none of the other."""
    parts = urlsplit(os.environ["REDIS_URL"])
    first = int(parts.path.strip("/") or 0)
    return urlunsplit(parts._replace(path=f"/{first + place}"))


def rows(small: int, large: int) -> list[Row]:
    def both(name: str, paths: list[str], goal: float | None = GOAL) -> Row:
        return Row(name, paths, paths, goal)

    countries = ["VN", "MN", "KH", "TZ", "EC"]
    last, far = small * 8 // 10 // 12, min(500, large * 8 // 10 // 12)
    found = [
        both("list", [f"{prefix}/programs/" for prefix in PREFIXES]),
        both("list of a country", [f"/programs/?country={code}" for code in countries]),
        Row("detail", _details(small), _details(large), GOAL),
        Row(f"page {far} (of the small one {last})", [f"/programs/?page={last}"],
            [f"/programs/?page={far}"], GOAL),
    ]  # fmt: skip
    for language, words in WORDS.items():
        for kind, word in zip(("rare", "common"), words, strict=True):
            path = path_in(f"/search/?q={quote(word)}", language)
            found.append(both(f"search, {kind} word, {language}", [path], SEARCH_GOAL))
    return [
        *found,
        both("home", [f"{prefix}/" for prefix in PREFIXES], None),
        both("list of news", ["/news/"], None),
        Row("article", _articles(small), _articles(large), None),
    ]


def _details(total: int) -> list[str]:
    return [f"/programs/{MARK}{place}/" for place in range(0, total, max(1, total // 40))]


def _articles(total: int) -> list[str]:
    places = range(0, total, max(1, total // 20))
    return [f"/news/{MARK}{place - place % 5}/" for place in places]


def _there(site: Site, paths: list[str]) -> list[str]:
    """Those that are public; each is asked for once."""
    found = [path for path in paths if site.server.get(path).status == 200]
    if not found:
        raise SystemExit(f"none of these is a page: {paths}")
    return found


def measure(
    sites: list[Site], paths: list[list[str]], rounds: int, requests: int
) -> list[list[Cost]]:
    """The costs of each site, round by round."""
    database = postmaster()
    taken: list[list[Cost]] = [[] for _site in sites]
    for _round in range(rounds):
        for site, asked, costs in zip(sites, paths, taken, strict=True):
            costs.append(cost(site.server, asked, requests, database))
    return taken


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("small", type=int, nargs="?", default=1_000)
    parser.add_argument("large", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--only", default="", help="rows whose names begin so")
    asked = parser.parse_args()
    sites = []
    missed = []
    try:
        for place, number in enumerate((asked.small, asked.large), start=1):
            sites.append(Site(number, place))
        print(f"commit {commit()}, {asked.rounds} rounds of {asked.requests} requests\n")
        print(f"| page | {asked.small:,}: CPU ms | {asked.large:,}: CPU ms | ratio | goal"
              " | questions | kB |\n|---|---|---|---|---|---|---|")  # fmt: skip
        raw = []
        for row in rows(asked.small, asked.large):
            if not row.name.startswith(asked.only):
                continue
            told, samples, is_missed = _told(row, sites, asked.rounds, asked.requests)
            print(told, flush=True)
            raw.append(samples)
            missed += [row.name] if is_missed else []
        print("\n" + "\n".join(raw))
    finally:
        for site in sites:
            site.server.end()
    judge(missed)


def _told(row: Row, sites: list[Site], rounds: int, requests: int) -> tuple[str, str, bool]:
    paths = [_there(site, asked) for site, asked in zip(sites, (row.small, row.large), strict=True)]
    costs = measure(sites, paths, rounds, requests)
    ratios = [large.whole / small.whole for small, large in zip(*costs, strict=True)]
    ratio = statistics.median(ratios)
    means = [statistics.median(each.whole for each in of_site) for of_site in costs]
    answers = [site.server.get(asked[0]) for site, asked in zip(sites, paths, strict=True)]
    questions = " and ".join(str(answer.questions) for answer in answers)
    sizes = " and ".join(f"{len(answer.body) / 1024:.0f}" for answer in answers)
    goal = f"{row.goal}" if row.goal else ""
    told = (
        f"| {row.name} | {means[0]:.1f} | {means[1]:.1f} | {ratio:.2f} | {goal} | {questions}"
        f" | {sizes} |"
    )
    samples = f"{row.name}: " + "; ".join(
        f"{small.server:.1f}+{small.database:.1f} {large.server:.1f}+{large.database:.1f}"
        for small, large in zip(*costs, strict=True)
    )
    return told, samples, bool(row.goal and ratio > row.goal)


if __name__ == "__main__":
    main()
