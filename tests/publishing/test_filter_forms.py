"""The form of a list's filters: drawn once for each choice, and each reader's own all the same."""

from __future__ import annotations

import re

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.translation import override

from news.filters import ArticleFilter
from news.models import Article
from oda_portal.publishing.pieces import pieces
from programs.filters import PartnerProgramFilter, ProgramFilter
from programs.models import Program
from tests.factories import OfficeFactory, ProgramFactory

pytestmark = pytest.mark.django_db
CHOSEN = re.compile(r'<option value="([a-z]+)" selected>')


@pytest.fixture
def programmes() -> list[Program]:
    OfficeFactory()
    return [ProgramFactory(kind="training"), ProgramFactory(kind="volunteer")]


def chosen(client: Client, query: str) -> list[str]:
    return CHOSEN.findall(client.get(f"/en/programs/{query}").text)


def test_each_reader_finds_the_own_choices_chosen(client: Client, programmes: list[Program]):
    first = chosen(client, "?kind=training&page=1")
    other = chosen(client, "?kind=volunteer&state=closed")
    none = chosen(client, "?q=harbour")

    assert (first, other, none) == (["training"], ["volunteer", "closed"], [])
    assert chosen(client, "?kind=training&q=harbour") == ["training"]


def test_what_readers_type_is_shown_to_them_and_drawn_for_nobody_else(
    client: Client, programmes: list[Program]
):
    box = re.compile(r'<input[^>]*id="id_q"[^>]*>')

    typed = box.findall(client.get("/en/programs/", {"q": 'a "word" <b>'}).text)
    others = box.findall(client.get("/en/programs/", {"kind": "training"}).text)
    client.get("/en/programs/", {"kind": "made up"})

    assert 'value="a &quot;word&quot; &lt;b&gt;"' in typed[0]
    assert "value" not in others[0]
    with override("en"):
        drawn = [said for key in pieces() if (said := str(key)).startswith("('filter'")]
    assert drawn
    assert not any("word" in said or "made up" in said for said in drawn)


def test_filters_of_two_requests_share_nothing_that_either_changes(programmes: list[Program]):
    one = ProgramFilter(QueryDict("kind=training"), queryset=Program.objects.all())
    other = PartnerProgramFilter(QueryDict("kind=volunteer"), queryset=Program.objects.all())
    one.filters["kind"].extra["choices"] = []

    assert ProgramFilter.base_filters["kind"].extra["choices"]
    assert other.filters["kind"].extra["choices"]
    assert [row.kind for row in other.qs] == ["volunteer"]


def test_a_method_is_that_of_its_own_request(programmes: list[Program]):
    asked = [QueryDict(f"year={year}") for year in ("1999", "")]
    one, other = [ArticleFilter(each, queryset=Article.objects.all()) for each in asked]

    assert one.filters["year"].filter.f.parent is one
    assert other.filters["year"].filter.f.parent is other
