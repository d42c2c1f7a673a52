"""What is searched for in the tests, and how results are read."""

from __future__ import annotations

import re

from oda_portal.search.indexing import rebuild
from oda_portal.search.queries import search
from oda_portal.search.results import Results
from programs.models import Program
from tests.factories import CityFactory, CountryFactory, OfficeFactory, ProgramFactory

PREFIXES = ["", "/en", "/zh-hans"]


def indexed() -> None:
    OfficeFactory()
    for _batch in rebuild():
        pass


def mongolia() -> None:
    """A city and a programme in it."""
    country = CountryFactory(code="MN", name_ko="몽골", name_en="Mongolia", name_zh_hans="蒙古国")
    city = CityFactory(
        slug="ulaanbaatar",
        country=country,
        name_ko="울란바토르",
        name_en="Ulaanbaatar",
        name_zh_hans="乌兰巴托",
    )
    program = ProgramFactory(
        code="kindergartens",
        title_ko="울란바토르 유치원 수리",
        title_en="Kindergartens of Ulaanbaatar",
        title_zh_hans="乌兰巴托幼儿园修缮",
    )
    program.cities.add(city)
    program.countries.add(country)


def main_of(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def links_of(page: str) -> list[str]:
    """Where the results on a page lead."""
    results = page.partition('<ul class="rows results">')[2]
    return re.findall(r'<h3><a href="([^"]+)"', results)


def titles(found: Results) -> list[str]:
    return ["".join(piece.text for piece in hit.title) for hit in found.hits]


def in_korean(text: str, **filters: str) -> list[str]:
    return titles(search(text, language="ko", **filters))


def program(title: str = "", **values: object) -> Program:
    """Written in Korean alone."""
    values.setdefault("ends_on", values.get("starts_on"))
    texts = {"title_ko": title, "title_en": "", "title_zh_hans": "", "summary_ko": "요약"}
    return ProgramFactory(**{**texts, "summary_en": "", "summary_zh_hans": "", **values})
