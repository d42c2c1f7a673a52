"""One running site for the whole crawl."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .crawler import Crawler, Visit
from .site import Site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = Site(tmp_path_factory.mktemp("embedded") / "var").start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def crawler(site: Site) -> Crawler:
    return Crawler(site.url)


@pytest.fixture(scope="session")
def visits(crawler: Crawler) -> dict[str, Visit]:
    return crawler.crawl()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data for the tests that start a second site, one after another, or break it."""
    return tmp_path_factory.mktemp("second") / "var"
