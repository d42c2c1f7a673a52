"""What Lighthouse says of the portal on a phone, page by page, in three languages.

    [DATABASE_URL=… FIELD_KEYS=…] CHROME_PATH=/usr/bin/chromium \
        python -m benchmarks.lighthouse [runs [part of a name …]]

The portal stands as docker-compose.yml has it: nginx with TLS, two web servers, Redis, PostgreSQL
in a database of its own with the demonstration. Lighthouse comes from npm, in one version, and is
not installed. Each page is loaded `runs` times (three), in the stock setting for a phone on a slow
line; the median of each category is printed as a row of a table, and below it what was not right.
"""

from __future__ import annotations

import json
import os
import re
import ssl
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")
django.setup()

from benchmarks.places import end_tidily  # noqa: E402
from tests.deployment.site import Site, deployed  # noqa: E402

LIGHTHOUSE = "lighthouse@12.8.2"  # the newest that Node 20 runs
CHROME = "--headless=new --no-sandbox --disable-dev-shm-usage --ignore-certificate-errors"
TRIES = 3
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# What else is shown of a load: the audit, what its number is divided by, and its digits.
FIGURES = {
    "first paint, s": ("first-contentful-paint", 1000, 1),
    "largest paint, s": ("largest-contentful-paint", 1000, 1),
    "blocked, ms": ("total-blocking-time", 1, 0),
    "shift": ("cumulative-layout-shift", 1, 3),
}
LANGUAGES = {"ko": "", "en": "/en", "zh": "/zh-hans"}


def pages(site: Site) -> dict[str, str]:
    """One page of each kind; a programme and an article that search engines may show."""
    return {
        "home": "/",
        "list": "/programs/",
        "programme": _first(site, "/programs/", r'href="(/programs/[a-z]+-[^/"?]+/)"'),
        "article": _first(site, "/news/", r'href="(/news/[^/"?]+-[^/"?]+/)'),
        "form": "/contact/",
    }


def _first(site: Site, path: str, pattern: str) -> str:
    for found in re.findall(pattern, _html(site, path)):
        if 'content="noindex"' not in _html(site, found):
            return found
    raise SystemExit(f"{path} leads to no page that may be found")


def _html(site: Site, path: str) -> str:
    trust: ssl.SSLContext = site.trust
    with urlopen(site.address + path, context=trust, timeout=30) as answer:
        return answer.read().decode()


def loaded(address: str) -> dict[str, Any]:
    """Lighthouse's report of one load; on a busy machine the browser may lose its trace of it."""
    command = [
        "npm", "exec", "--yes", "--", LIGHTHOUSE, address, "--quiet", "--output=json",
        f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={CHROME}",
    ]  # fmt: skip
    for _try in range(TRIES):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if not done.returncode:
            return json.loads(done.stdout)
    raise SystemExit(f"{address}: {done.stderr[-2000:]}")


def scores(report: dict[str, Any]) -> dict[str, int]:
    found = {name: report["categories"][name]["score"] for name in CATEGORIES}
    return {name: round(100 * (score or 0)) for name, score in found.items()}


def faults(report: dict[str, Any]) -> set[str]:
    """Audits with a weight that were not passed, performance apart: that is a matter of degree."""
    names = {
        audit["id"]
        for category in CATEGORIES[1:]
        for audit in report["categories"][category]["auditRefs"]
        if audit["weight"]
    }
    return {name for name in names if (report["audits"][name]["score"] or 0) < 1} - {
        name for name in names if report["audits"][name]["score"] is None
    }


def row(name: str, reports: list[dict[str, Any]]) -> str:
    """Medians of the categories, and of what the performance is made of, which each load had."""
    shown = [
        f"{statistics.median(scores(each)[category] for each in reports):.0f}"
        for category in CATEGORIES
    ]
    for audit, divisor, digits in FIGURES.values():
        values = [each["audits"][audit]["numericValue"] / divisor for each in reports]
        shown.append(f"{statistics.median(values):.{digits}f}")
    shown.append(" ".join(str(scores(each)["performance"]) for each in reports))
    return f"| {name} | {' | '.join(shown)} |"


def measure(site: Site, runs: int, wanted: list[str]) -> None:
    heads = ["page", *CATEGORIES, *FIGURES, "performance, each"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}", flush=True)
    wrong: dict[str, set[str]] = {}
    for page, path in pages(site).items():
        for language, prefix in LANGUAGES.items():
            name = f"{page}, {language}"
            if wanted and not any(part in name for part in wanted):
                continue
            reports = [loaded(f"{site.address}{prefix}{path}") for _run in range(runs)]
            print(row(name, reports), flush=True)
            wrong[name] = set().union(*map(faults, reports))
    for name, found in wrong.items():
        if found:
            print(f"{name}: {', '.join(sorted(found))}")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    os.environ.setdefault("CHROME_PATH", "/usr/bin/chromium")
    end_tidily()
    with TemporaryDirectory() as folder, deployed(Path(folder)) as site:
        measure(site, runs, sys.argv[2:])


if __name__ == "__main__":
    main()
