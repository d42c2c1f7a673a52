"""A name that is not public finds nothing, although what it belongs to is."""

from __future__ import annotations

import pytest
from django.test import Client

from oda_portal.publishing.models import Status
from oda_portal.search.indexing import rebuild
from oda_portal.search.queries import search
from oda_portal.search.results import Kind
from tests.factories import (
    ArticleFactory,
    CityFactory,
    OfficeFactory,
    OrganisationFactory,
    ProgramFactory,
    RoleFactory,
)

pytestmark = pytest.mark.django_db

NAMES = {"name_ko": "숨은이름", "name_en": "Hiddenville", "name_zh_hans": "隐名"}


@pytest.mark.parametrize("word", ["숨은이름", "hiddenville", "隐名"])
@pytest.mark.parametrize(("status", "found"), [("draft", 0), ("withdrawn", 0), ("published", 1)])
def test_a_list_finds_by_public_names_alone(client: Client, status: Status, found: int, word: str):
    OfficeFactory()
    city = CityFactory(status=status, **NAMES)
    of_city, of_body, article = ProgramFactory(), ProgramFactory(), ArticleFactory()
    of_city.cities.add(city)
    article.cities.add(city)
    RoleFactory(program=of_body, organisation=OrganisationFactory(status=status, **NAMES))

    programs = client.get("/en/programs/", {"q": word}).context["listing"].total
    articles = client.get("/en/news/", {"q": word}).context["listing"].total

    assert (programs, articles) == (2 * found, found)


@pytest.mark.parametrize(("status", "found"), [("draft", 0), ("published", 2)])
def test_the_search_finds_by_public_names_alone(status: Status, found: int):
    city = CityFactory(status=status, **NAMES)
    program, article = ProgramFactory(), ArticleFactory()
    program.cities.add(city)
    article.cities.add(city)

    for _step in rebuild():
        pass

    hits = search("hiddenville", language="en").hits
    assert len([hit for hit in hits if hit.kind in (Kind.PROGRAM, Kind.NEWS)]) == found
