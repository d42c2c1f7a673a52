"""What a public page costs in CPU when it is made anew, beside a bare Django view.

    DATABASE_URL=… REDIS_URL=… FIELD_KEYS=… python -m benchmarks.page_cpu [requests] [--rounds 5]

On a PostgreSQL of this machine and in a database of its own, which it makes, fills with the
demonstration and takes away. Counted is the CPU time of the web server and of every process of
PostgreSQL, divided by the requests; the pages take turns with the bare view in each of five rounds,
and the median of the ratios is judged. No page is taken from the page cache (benchmarks/anew.py);
what it costs there is asked by `benchmarks.kept`.

The goals are shares of what a Wagtail demonstration costs for the same kind of page. Its figures
were taken with the same bare view beside it, which is how they compare with another machine. It
can also take its turn in the same run: serve Wagtail's bakerydemo like the portal (granian, two
workers of four threads, without debugging, its tables on the same PostgreSQL), and name its port
and process: `--wagtail PORT PID`. Then the shares themselves are judged.
"""

from __future__ import annotations

import os
import statistics
from typing import NamedTuple
from urllib.parse import quote

from benchmarks.places import judge, numbered, own_database, set_up

os.environ.setdefault("DEMO", "true")
set_up()

from django.core.management import call_command  # noqa: E402

from benchmarks.harness import Server, Site, cost, listed  # noqa: E402
from benchmarks.usage import postmaster  # noqa: E402

ROUNDS, REQUESTS = 5, 200
BARE = 0.21  # CPU ms of the bare view where Wagtail was measured
HOME, LIST, DETAIL, SEARCH = 73, 64, 25, 71  # CPU ms of Wagtail's pages there


class Page(NamedTuple):
    name: str
    paths: list[str]
    # The same kind of page of Wagtail's demonstration, what it cost where it was measured, and the
    # share of it that ours may cost.
    wagtail: list[str]
    cpu: float
    share: float

    @property
    def goal(self) -> float:
        """How many times the bare view it may cost."""
        return self.share * self.cpu / BARE


class Servers(NamedTuple):
    portal: Server
    bare: Server
    wagtail: Site | None


def pages() -> list[Page]:
    from forums.models import Forum
    from news.models import Article
    from programs.homes import home_of
    from programs.models import Program

    at_home = [row for row in Program.objects.published() if not home_of(row)]
    programs = [row.get_absolute_url() for row in at_home[:10]]
    forums = [row.get_absolute_url() for row in Forum.objects.published()[:10]]
    articles = [row.get_absolute_url() for row in Article.objects.published()[:10]]
    searches = [
        f"/search/?q={quote(word)}" for word in ("연수", "몽골", "심폐소생술", "프놈펜", "ODA")
    ]
    bread = ["/breads/anpan/", "/breads/bagel/"]
    found = ["/search/?q=bread", "/search/?q=recipe"]
    return [
        Page("home", ["/", "/en/", "/zh-hans/"], ["/"], HOME, 0.15),
        Page("list", ["/programs/", "/en/programs/?kind=training"], ["/breads/"], LIST, 0.15),
        Page("programme", programs, bread, DETAIL, 0.3),
        Page("forum", forums, bread, DETAIL, 0.3),
        Page("article", articles, bread, DETAIL, 0.3),
        Page("search", searches, found, SEARCH, 0.15),
    ]


def measure(page: Page, servers: Servers, rounds: int, number: int) -> bool:
    """Print what the page costs; whether it is within its goal."""
    own, ratios, theirs, shares, database = [], [], [], [], postmaster()
    for path in page.paths:
        servers.portal.get(path)
    for _round in range(rounds):
        beside = cost(servers.bare, ["/"], 5 * number, database).whole
        own.append(cost(servers.portal, page.paths, number, database).whole)
        ratios.append(own[-1] / beside)
        if servers.wagtail:
            theirs.append(cost(servers.wagtail, page.wagtail, number, database).whole)
            shares.append(own[-1] / theirs[-1])
    ratio = statistics.median(ratios)
    print(f"{page.name}: {statistics.median(own):.1f} ms, {ratio:.0f} bare views; "
          f"goal {page.goal:.1f}; ms {listed(own)}", flush=True)  # fmt: skip
    if not shares:
        return ratio <= page.goal
    share = statistics.median(shares)
    print(f"  {share:.2f} of Wagtail’s {statistics.median(theirs):.1f} ms; goal {page.share}; "
          f"rounds {listed(shares)}; ms {listed(theirs)}", flush=True)  # fmt: skip
    return share <= page.share


def main() -> None:
    parser = numbered(__doc__, REQUESTS, of="requests")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--wagtail", type=int, nargs=2, metavar=("PORT", "PID"))
    asked = parser.parse_args()
    wagtail = Site(*asked.wagtail) if asked.wagtail else None
    missed = []
    with own_database():
        call_command("prepare", verbosity=0)
        portal = Server("benchmarks.anew:application")
        bare = Server("benchmarks.bare:application", threads=1)
        servers = Servers(portal, bare, wagtail)
        try:
            for page in pages():
                if not measure(page, servers, asked.rounds, asked.number):
                    missed.append(page.name)
        finally:
            portal.end()
            bare.end()
    judge(missed)


if __name__ == "__main__":
    main()
