"""What a public page costs in CPU, made anew and from the page cache, beside a bare Django view.

    DATABASE_URL=… REDIS_URL=… FIELD_KEYS=… python -m benchmarks.page_cpu [requests] [--rounds 5]

On a PostgreSQL of this machine and in a database of its own, which it makes, fills with the
demonstration and takes away. Counted is the CPU time of the web server and of every process of
PostgreSQL, divided by the requests; the pages take turns with the bare view in each of five rounds,
and the median of the ratios is judged. A session cookie leads past the page cache, so such pages
are made anew; cards and other pieces that a process writes once are there.

The goals are shares of what a Wagtail demonstration costs for the same kind of page. Its figures
were taken with the same bare view beside it, which is how they compare with another machine.
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

from benchmarks.harness import SESSION, Server, cost  # noqa: E402
from benchmarks.usage import postmaster  # noqa: E402

ROUNDS, REQUESTS = 5, 200
BARE = 0.21  # CPU ms of the bare view where Wagtail was measured
HOME, LIST, DETAIL, SEARCH = 73, 64, 25, 71  # CPU ms of Wagtail's pages there


class Page(NamedTuple):
    name: str
    paths: list[str]
    # How many times the bare view it may cost.
    goal: float
    kept: bool = False


def anew(name: str, paths: list[str], *, share: float, wagtail: float) -> Page:
    return Page(name, paths, share * wagtail / BARE)


def pages() -> list[Page]:
    from news.models import Article
    from programs.models import Program

    programs = [row.get_absolute_url() for row in Program.objects.published()[:10]]
    articles = [row.get_absolute_url() for row in Article.objects.published()[:10]]
    words = ["연수", "몽골", "심폐소생술", "프놈펜", "ODA"]
    return [
        anew("home", ["/", "/en/", "/zh-hans/"], share=0.15, wagtail=HOME),
        anew("list", ["/programs/", "/en/programs/?kind=training"], share=0.15, wagtail=LIST),
        anew("programme", programs, share=0.3, wagtail=DETAIL),
        anew("article", articles, share=0.3, wagtail=DETAIL),
        anew("search", [f"/search/?q={quote(word)}" for word in words], share=0.15, wagtail=SEARCH),
        Page("list, kept", ["/programs/"], 2.5, kept=True),
    ]


def measure(page: Page, portal: Server, bare: Server, rounds: int, number: int) -> bool:
    """Print what the page costs; whether it is within its goal."""
    own, ratios, database = [], [], postmaster()
    headers = {} if page.kept else SESSION
    for path in page.paths:
        portal.get(path, headers)
    for _round in range(rounds):
        beside = cost(bare, ["/"], 5 * number, database).whole
        own.append(cost(portal, page.paths, number, database, headers=headers).whole)
        ratios.append(own[-1] / beside)
    ratio = statistics.median(ratios)
    print(f"{page.name}: {statistics.median(own):.1f} ms, {ratio:.0f} bare views; "
          f"goal {page.goal:.1f}", flush=True)  # fmt: skip
    return ratio <= page.goal


def main() -> None:
    parser = numbered(__doc__, REQUESTS, of="requests")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    missed = []
    with own_database():
        call_command("prepare", verbosity=0)
        portal = Server("oda_portal.wsgi:application")
        bare = Server("benchmarks.bare:application", threads=1)
        try:
            for page in pages():
                if not measure(page, portal, bare, asked.rounds, asked.number):
                    missed.append(page.name)
        finally:
            portal.end()
            bare.end()
    judge(missed)


if __name__ == "__main__":
    main()
