"""The page of the API: what it says is so."""

from __future__ import annotations

import gzip
import html
import re
from urllib.parse import quote

import pytest
from django.test import Client

from oda_portal.opendata.registry import datasets
from tests.factories import OfficeFactory, ProgramFactory

pytestmark = pytest.mark.django_db

PREFIXES = [("", "ko"), ("/en", "en"), ("/zh-hans", "zh-Hans")]
SITE = "http://localhost:8000"


def samples(page: str) -> list[str]:
    found = re.findall(r'<pre class="sample"[^>]*><code>(.*?)</code></pre>', page, re.DOTALL)
    return [html.unescape(sample) for sample in found]


@pytest.mark.parametrize(("prefix", "lang"), PREFIXES)
def test_api_docs_names_every_dataset_and_examples_that_work(
    client: Client, prefix: str, lang: str
):
    OfficeFactory()
    program = ProgramFactory(kind="training")

    page = client.get(f"{prefix}/data/api/").content.decode()
    terminal, python, spreadsheet, *_others = samples(page)
    addresses = re.findall(r'"(http[^"]+)"', terminal + python + spreadsheet)
    answers = [client.get(address.removeprefix(SITE)) for address in addresses]

    for each in datasets():
        assert f'href="{prefix}/data/{each.name}/"' in page
    assert len(answers) == 3
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["Content-Language"] == lang
        assert program.code in answer.getvalue().decode()


def test_api_docs_shows_the_error_that_comes(client: Client):
    page = client.get("/en/data/api/").content.decode()
    problem = client.get("/data/api/v1/programmes/?page=x&lang=en").content.decode()

    assert "".join(samples(page)[-1].split()) == "".join(problem.split())


def test_api_docs_links_to_the_api_without_a_language(client: Client):
    """So that the three pages lead to the same addresses, and robots ask but once."""
    for prefix, _lang in PREFIXES:
        page = client.get(f"{prefix}/data/api/").content.decode()
        assert set(re.findall(r'href="(/data/api/v1/[^"]*)"', page)) == {
            "/data/api/v1/",
            "/data/api/v1/openapi.json",
        }


def test_api_docs_is_found_in_search_and_sitemap(client: Client):
    found = client.get(f"/search/?q={quote('오픈 API')}").content.decode()

    assert 'href="/data/api/"' in found
    assert f"<loc>{SITE}/en/data/api/</loc>" in client.get("/sitemap.xml").content.decode()


def test_api_docs_is_light_and_asks_little(client: Client, uncached_queries):
    OfficeFactory()

    assert uncached_queries(client, "/en/data/api/") <= 10
    assert len(gzip.compress(client.get("/en/data/api/").content)) <= 15_000


def test_robots_may_read_the_api(client: Client):
    assert "/data" not in client.get("/robots.txt").content.decode()
