"""One running site for the whole crawl."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from .crawler import FEW_SAMPLES, SAMPLES, Crawler, Visit
from .site import Site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = Site(tmp_path_factory.mktemp("embedded") / "var").start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def crawler(request: pytest.FixtureRequest, site: Site) -> Crawler:
    """Goes to every page; to all pages and filters of a list where what is thorough runs too."""
    whole = any(item.get_closest_marker("thorough") for item in request.session.items)
    return Crawler(site.url, SAMPLES if whole else FEW_SAMPLES)


@pytest.fixture(scope="session")
def visits(crawler: Crawler) -> dict[str, Visit]:
    return crawler.crawl()


@pytest.fixture(scope="module")
def folder(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the data, for the tests that start a second site, one after another, or break it."""
    copy = tmp_path_factory.mktemp("second") / "var"
    # Not what the running site holds, notes, or is writing just now.
    shutil.copytree(
        site.folder,
        copy,
        ignore=shutil.ignore_patterns("*.lock", "broker", "celerybeat*", "db.sqlite3*"),
    )
    name = "db.sqlite3"
    with (
        closing(sqlite3.connect(site.folder / name)) as old,
        closing(sqlite3.connect(copy / name)) as new,
    ):
        old.backup(new)
    return copy
