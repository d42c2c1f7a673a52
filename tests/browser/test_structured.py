"""The strict policy lets pages describe themselves: a block of data is no script."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page

from tests.factories import ArticleFactory, OfficeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READ = """() => [...document.querySelectorAll('script[type="application/ld+json"]')]
    .map(script => script.textContent)"""


def test_browser_keeps_the_graph_and_has_nothing_to_say(page: Page, complaints: list[str]):
    OfficeFactory()
    title = "</script><script>document.title = 'taken'</script>"
    article = ArticleFactory(title_ko=title)

    response = page.goto(article.get_absolute_url())

    assert response is not None
    assert "script-src 'self'" in response.headers["content-security-policy"]
    (content,) = page.evaluate(READ)
    kinds = {node["@type"]: node for node in json.loads(content)["@graph"]}
    assert kinds["NewsArticle"]["headline"] == title
    assert page.title().startswith(title)
    assert complaints == []
