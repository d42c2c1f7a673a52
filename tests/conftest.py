"""Fixtures for every test: what a test must not share with the one before it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import translation

from oda_portal.catalogues import compile_catalogues
from oda_portal.celery import app
from oda_portal.publishing import at_hand, freshness, pieces
from oda_portal.styles import build_stylesheet
from tests.factories import CountryFactory

pytest_plugins = ["tests.chromium", "tests.emptying", "tests.together", "tests.storing.places"]


def pytest_configure() -> None:
    """What ./run prepares and a fresh clone has not: catalogues, and the one stylesheet."""
    compile_catalogues()
    build_stylesheet()
    gc.set_threshold(100_000, 50, 50)  # the usual one spends a tenth of the time on looking


def pytest_sessionfinish() -> None:
    gc.freeze()  # pytest would look five times through all that is about to go


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if says_more_on_sqlite(item):
            item.add_marker("sqlite")
        if is_another_case(item):
            item.add_marker("thorough")


# What tests call the parameter that says in which language they run.
LANGUAGE = ("prefix", "lang", "language")
# What a test that asks for pages has.
PAGES = {"client", "page", "chromium"}


def case_of(item: pytest.Item) -> dict[str, int]:
    """Which of its values each parameter of a test has, from 0."""
    return getattr(getattr(item, "callspec", None), "indices", {})


def is_another_language(item: pytest.Item) -> bool:
    """Whether a test is the same once more in another language than its first."""
    return any(case_of(item).get(name) for name in LANGUAGE)


def is_another_case(item: pytest.Item) -> bool:
    """Whether a test asks the same page once more, in another language or with other values.

    Where each case guards something by itself (a kind of record, say, in what is never public),
    the test says so by `every_case`. What asks no page is quick, and always runs whole.
    """
    if is_another_language(item):
        return True
    asks_pages = PAGES & set(getattr(item, "fixturenames", ()))
    return bool(asks_pages and any(case_of(item).values())) and not item.get_closest_marker(
        "every_case"
    )


def says_more_on_sqlite(item: pytest.Item) -> bool:
    """Whether a test runs a second time, on the database of the embedded site.

    All that asks the database without a page in between does: models, lists, acts, constraints,
    search, loading. A page asks SQLite what these ask, so of the tests that ask for pages only
    those run that say so by `sqlite_too`: because they open every kind of page, or because their
    values are what databases take differently; each of their cases, but in one language and for
    one role. (The public pages are all asked on SQLite when the site that ./run starts is
    crawled.) What is thorough repeats on SQLite what it repeats on PostgreSQL.
    """
    fixtures = set(getattr(item, "fixturenames", ()))
    asks = item.get_closest_marker("django_db") or {"db", "transactional_db"} & fixtures
    if not asks or item.get_closest_marker("browser") or item.get_closest_marker("embedded"):
        return False
    if case_of(item).get("role") or is_another_language(item):
        return False
    if item.get_closest_marker("sqlite_too"):
        return True
    return not ("client" in fixtures or item.get_closest_marker("thorough"))


@pytest.fixture(autouse=True)
def _countries_from_the_first_code() -> None:
    """There are but 676 codes: going on from test to test they would meet LA and VN, which are said."""
    CountryFactory.reset_sequence()


@pytest.fixture(autouse=True, scope="session")
def _no_notes_of_controls(django_test_environment: None) -> None:
    """Django’s test client copies the context of every template; a form has one a control."""
    noted = Template._render

    def render(template: Template, context: Context) -> str:
        if (template.name or "").startswith("django/forms/"):
            return template.nodelist.render(context)
        return noted(template, context)

    Template._render = render


@pytest.fixture(autouse=True)
def _own_places(settings, tmp_path: Path) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Files in a folder of the test's own, a quick password hash, the default language."""
    settings.VAR_DIR = tmp_path / "var"  # one sender of mail a test, not one for all workers
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.LEDGER_FILE = tmp_path / "ledger" / "destroyed.jsonl"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Every test client makes the middleware anew: static files are looked up when asked for.
    settings.WHITENOISE_AUTOREFRESH = True
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_redis(worker_id: str) -> Iterator[None]:
    """A Redis database for each worker, its broker too, named once: a cache that is named anew
    keeps its connection until the collector comes by, and Redis takes ten thousand.
    """
    if not django_settings.REDIS_URL:
        yield
        return
    number = int(worker_id.removeprefix("gw") or 0) + 1 if worker_id != "master" else 1
    address = f"{django_settings.REDIS_URL.rsplit('/', 1)[0]}/{number}"
    own = {name: {**each, "LOCATION": address} for name, each in django_settings.CACHES.items()}
    with override_settings(CACHES=own, REDIS_URL=address), pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.conf, "broker_url", address)
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_figures(
    django_test_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A folder of figures for each worker: what another one asks is not counted with its own."""
    folder = tmp_path_factory.mktemp("figures") / "metrics"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch, override_settings(METRICS_ROOT=folder):
        patch.setenv("PROMETHEUS_MULTIPROC_DIR", str(folder))
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """The database cache rolls back with the test; Redis does not, nor what this process holds."""
    at_hand._held.clear()
    pieces._held.clear()
    freshness._near.clear()
    if django_settings.REDIS_URL:
        caches["default"].clear()


@pytest.fixture
def uncached_queries(settings) -> Callable[[Client, str], int]:
    """How many questions a page asks the database when it is made anew.

    The page is made once before, so that what is kept for a generation (menu, choices) is there,
    as it is on a running site; then the page is forgotten, and all cards and other pieces. Cache
    and session tables of the embedded site do not count: in production they are in Redis.
    """

    settings.SIMPLE_HISTORY_ENABLED = False  # fifty rows are made sooner without it

    def count(client: Client, path: str) -> int:
        client.get(path)
        caches["pages"].delete(freshness._key(RequestFactory().get(path)))
        freshness._near.clear()
        pieces._held.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        # A union stands in brackets.
        asked = [each["sql"] for each in queries if each["sql"].lstrip("(").startswith("SELECT")]
        return sum('cache"' not in question for question in asked)

    return count
