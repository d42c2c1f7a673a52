"""What a page costs that is kept already: by the portal, by a browser, by nginx.

    DATABASE_URL=… REDIS_URL=… FIELD_KEYS=… \\
        python -m benchmarks.kept [requests] [--seconds 3] [--rounds 5]

On a PostgreSQL of this machine and in a database of its own, which it makes, fills with the
demonstration and takes away. Portal and bare view are served alike (two workers of one thread); the
median of the rounds is judged. Before nginx stands `wrk`, which asks for a page that nginx keeps
and for a file of the same bytes, with the rules of production (docker/nginx.conf).
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from benchmarks.places import judge, numbered, own_database, set_up

os.environ.setdefault("DEMO", "true")
set_up()

from django.core.management import call_command  # noqa: E402

from benchmarks.harness import Server, commit, cost, listed  # noqa: E402
from benchmarks.usage import postmaster  # noqa: E402
from tests.nginx_here import nginx  # noqa: E402

PAGE = "/en/programs/"
KEPT_GOAL, FRONT_GOAL = 2.5, 0.8
CONNECTIONS = 8


def kept(portal: Server, number: int, rounds: int) -> list[str]:
    """Rows of the portal's own cache, and what misses its goal."""
    database, missed = postmaster(), []
    asking = Server("benchmarks.asking:application", threads=1)
    bare = Server("benchmarks.bare:application", threads=1)
    try:
        first = portal.get(PAGE)
        for name, headers, status in (
            ("page", {}, 200),
            ("304", {"If-None-Match": first.headers["ETag"]}, 304),
        ):
            asking.get(PAGE)
            answer = asking.get(PAGE, headers)
            ratios, own = [], []
            for _round in range(rounds):
                beside = cost(bare, ["/"], number, database).whole
                paid = cost(portal, [PAGE], number, database, headers=headers, status=status)
                own.append(paid.whole)
                ratios.append(paid.whole / beside)
            ratio = statistics.median(ratios)
            print(f"| {name}, kept | {statistics.median(own):.2f} ms | {ratio:.1f} × bare view"
                  f" | ≤ {KEPT_GOAL} | {answer.questions} | {len(answer.body) / 1024:.0f}"
                  f" | {listed(ratios)} |", flush=True)  # fmt: skip
            if ratio > KEPT_GOAL or answer.questions:
                missed.append(name)
    finally:
        asking.end()
        bare.end()
    return missed


def behind_nginx(portal: Server, seconds: int, rounds: int) -> list[str]:
    if not shutil.which("wrk"):
        print("\nwrk is not installed: nginx was not measured")
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "static").mkdir()
        packed = portal.get(PAGE).body
        (folder / "static" / "page.css").write_bytes(packed)
        (folder / "static" / "page.css.gz").write_bytes(packed)
        with nginx(folder, behind=portal.port, types="types { text/css css; }") as front:
            ratios = []
            for _round in range(rounds):
                beside = _rate(f"{front}/static/page.css", seconds)
                ratios.append(_rate(f"{front}{PAGE}", seconds) / beside)
    ratio = statistics.median(ratios)
    print(f"| page, kept by nginx | | {ratio:.2f} × the rate of a file | ≥ {FRONT_GOAL} | 0"
          f" | {len(packed) / 1024:.0f} | {listed(ratios)} |")  # fmt: skip
    return ["nginx"] if ratio < FRONT_GOAL else []


def _rate(address: str, seconds: int) -> float:
    """Requests a second; none of them may fail."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", "Accept-Encoding: gzip",
               "-H", "Host: localhost", address]  # fmt: skip
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(told)
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    return float(found.group(1)) if found else 0.0


def main() -> None:
    parser = numbered(__doc__, 3_000, of="requests")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with own_database():
        call_command("prepare", verbosity=0)
        print(f"commit {commit()}, {asked.rounds} rounds of {asked.number} requests\n")
        print("| | CPU | ratio | goal | questions | kB | rounds |\n|---|---|---|---|---|---|---|")
        portal = Server("oda_portal.wsgi:application", threads=1)
        try:
            missed = kept(portal, asked.number, asked.rounds)
            missed += behind_nginx(portal, asked.seconds, asked.rounds)
        finally:
            portal.end()
    judge(missed)


if __name__ == "__main__":
    main()
