"""What a public page costs in CPU, made anew and from the page cache, beside a bare Django view.

    DATABASE_URL=… REDIS_URL=… SECRET_KEY=… FIELD_KEYS=… python -m benchmarks.page_cpu [requests]

On a PostgreSQL of this machine and in a database of its own, which it migrates and fills with the
demonstration. Counted is the CPU time of the web server and of every process of PostgreSQL, divided
by the requests; the pages take turns with the bare view in each of five rounds, and the median of
the ratios is judged. A session cookie leads past the page cache, so such pages are made anew.

The goals are shares of what a Wagtail demonstration costs for the same kind of page. Its figures
were taken with the same bare view beside it, which is how they compare with another machine.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")
os.environ.setdefault("STATIC_FROM_FINDERS", "true")
os.environ.setdefault("DEMO", "true")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from tests.processes import free_port  # noqa: E402

ROUNDS, REQUESTS = 5, 200
TICK = os.sysconf("SC_CLK_TCK")
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


class Server:
    """Granian as in production, and one connection to it."""

    def __init__(self, application: str, threads: int) -> None:
        port = free_port()
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(port), "--workers", "2", "--blocking-threads", str(threads), "--no-ws",
            "--log-level", "warning", application,
        ]  # fmt: skip
        self.process = subprocess.Popen(command, start_new_session=True)
        self.line = HTTPConnection("127.0.0.1", port, timeout=30)
        for _try in range(200):
            try:
                self.line.connect()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("the server does not answer")

    def get(self, path: str, *, kept: bool) -> None:
        cookie = {} if kept else {"Cookie": f"{settings.SESSION_COOKIE_NAME}=nobody"}
        headers = {"Host": "localhost", "Accept-Encoding": "gzip", **cookie}
        self.line.request("GET", path, headers=headers)
        response = self.line.getresponse()
        response.read()
        if response.status != 200:
            raise SystemExit(f"{path}: {response.status}")

    def end(self) -> None:
        self.line.close()
        self.process.terminate()
        self.process.wait(timeout=20)


def stat_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def cpu_of_tree(top: int) -> float:
    """Milliseconds of a process, its children and those that it has buried."""
    total = sum(int(ticks) for ticks in stat_of(top)[11:15])
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                found = stat_of(int(entry.name))
            except FileNotFoundError:
                continue
            if int(found[1]) == top:
                total += sum(int(ticks) for ticks in found[11:13])
    return total * 1000 / TICK


def postmaster() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    return int(stat_of(backend)[1])


def cost(server: Server, page: Page, number: int, database: int) -> float:
    """CPU ms a request, after each of its addresses was asked for once."""
    for path in page.paths:
        server.get(path, kept=page.kept)
    began = cpu_of_tree(server.process.pid) + cpu_of_tree(database)
    for turn in range(number):
        server.get(page.paths[turn % len(page.paths)], kept=page.kept)
    return (cpu_of_tree(server.process.pid) + cpu_of_tree(database) - began) / number


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    call_command("prepare", verbosity=0)
    database = postmaster()
    portal, bare = (
        Server("oda_portal.wsgi:application", 4),
        Server("benchmarks.bare:application", 1),
    )
    view = Page("bare view", ["/"], 1, kept=True)
    missed = []
    try:
        for page in pages():
            own, ratios = [], []
            for _round in range(ROUNDS):
                beside = cost(bare, view, 5 * number, database)
                own.append(cost(portal, page, number, database))
                ratios.append(own[-1] / beside)
            ratio = statistics.median(ratios)
            print(f"{page.name}: {statistics.median(own):.1f} ms, {ratio:.0f} bare views; "
                  f"goal {page.goal:.1f}", flush=True)  # fmt: skip
            missed += [page.name] if ratio > page.goal else []
    finally:
        portal.end()
        bare.end()
    if missed:
        raise SystemExit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
