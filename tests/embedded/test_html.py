"""Every kind of page is valid HTML, as the Nu checker of the W3C reads it."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.urls import resolve

from oda_portal.languages import bare_path, language_of_path, path_in
from tests.html_checker import WRONG, errors

from .crawler import Crawler, Visit

pytestmark = [pytest.mark.embedded, pytest.mark.thorough]

LANGUAGES = ["ko", "en", "zh-hans"]
# Of every view in every language this many pages are read: programmes and texts differ.
SAMPLES = 3
# No page leads to what is found: it is asked for.
SEARCHES = ["/search/?q=%EB%B6%80%EC%82%B0", "/search/?q=nothing-of-this-name&kind=city&year=9999"]
FORMS = ["/accounts/login/", "/accounts/signup/", "/satisfaction/?page=/"]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def kind_of(visit: Visit) -> tuple[str, str, bool]:
    """View, language, and whether something is asked of it."""
    return (
        resolve(bare_path(visit.path)).view_name,
        language_of_path(visit.path),
        "?" in visit.address,
    )


def samples(visits: dict[str, Visit]) -> dict[str, Visit]:
    taken: Counter[tuple[str, str, bool]] = Counter()
    found = {}
    for address, visit in visits.items():
        if visit.document and "/admin/" not in visit.path and visit.status == 200:
            taken[kind := kind_of(visit)] += 1
            if taken[kind] <= SAMPLES:
                found[address] = visit
    return found


def refused(crawler: Crawler, address: str) -> Visit:
    """A form sent empty."""
    form = crawler.fetch(address)
    fields = urlencode({"csrfmiddlewaretoken": TOKEN.search(form.body.decode())[1]})
    headers = {
        "Cookie": form.headers["Set-Cookie"].partition(";")[0],
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return crawler.fetch(address, body=fields.encode(), **headers)


@pytest.fixture(scope="module")
def pages(crawler: Crawler, visits: dict[str, Visit]) -> dict[str, Visit]:
    found = samples(visits)
    for language in LANGUAGES:
        missing = path_in("/nothing-here/", language)
        found[missing] = crawler.fetch(missing)
        for search in SEARCHES:
            address = path_in(search, language)
            found[address] = crawler.fetch(address)
        for form in FORMS:
            address = path_in(form, language)
            found[f"{address} sent empty"] = refused(crawler, address)
    return found


def test_samples_hold_every_kind_of_page_in_three_languages(
    pages: dict[str, Visit], visits: dict[str, Visit]
) -> None:
    kinds = {language: set() for language in LANGUAGES}
    for visit in visits.values():
        if visit.document and "/admin/" not in visit.path:
            view, language, asked = kind_of(visit)
            kinds[language].add((view, asked))
    assert len(kinds["ko"]) > 20
    assert kinds["ko"] == kinds["en"] == kinds["zh-hans"]
    assert {pages[f"{path_in(form, 'en')} sent empty"].status for form in FORMS} == {200}


def test_every_kind_of_page_is_valid_html(pages: dict[str, Visit], tmp_path: Path) -> None:
    for address, visit in pages.items():
        (tmp_path / f"{quote(address, safe='')[:200]}.html").write_bytes(visit.body)
    # The checker takes seconds to start, so it is asked once: here is what it must find.
    (tmp_path / "wrong.html").write_text(WRONG)

    found = errors(tmp_path)

    assert len(found.pop("wrong.html", [])) == 2
    assert found == {}
