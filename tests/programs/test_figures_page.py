"""The page of the figures, and the figures as datasets."""

from __future__ import annotations

import csv
import gzip
import html
import io
import re
from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import translation

from oda_portal.opendata.registry import dataset
from programs.figures.sections import SECTIONS
from programs.models import Program
from tests.factories import (
    CityFactory,
    CountryFactory,
    OfficeFactory,
    OrganisationFactory,
    ParticipantGroupFactory,
    ProgramFactory,
    RunFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db

LANGUAGES = [("", "ko"), ("/en", "en"), ("/zh-hans", "zh-hans")]
FIGURES = [figure for section in SECTIONS for figure in section.figures]


def course(total: int | None = 15, year: int = 2019, **fields) -> Program:
    """A course with one group of people."""
    fields = {"starts_on": date(year, 3, 1), "ends_on": date(year, 3, 20)} | fields
    program = ProgramFactory(**fields)
    run = RunFactory(program=program, starts_on=program.starts_on, ends_on=program.ends_on)
    ParticipantGroupFactory(run=run, total=total)
    return program


def one_of_each(n: int) -> None:
    """n programmes of each kind, each with a place, a theme and people of its own."""
    for number in range(n):
        for kind in ("training", "volunteer", "forum"):
            program = course(kind=kind, year=2000 + number % 20)
            program.countries.add(CountryFactory())
            program.cities.add(
                CityFactory(relation="sister", agreed_on=date(2000 + number % 20, 1, 1))
            )
            program.themes.add(ThemeFactory())
            program.sdg_targets.create(code=f"{number % 17 + 1}.1")
        OrganisationFactory()


def table(page: str, name: str) -> list[list[str]]:
    """The cells of a figure's table, read off the page."""
    part = page.split(f'id="{name}"')[1].split('class="figure"')[0]
    rows = re.findall(r"<tr>(.*?)</tr>", part, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_figures_stand_in_a_chart_and_in_a_table_beside_it(
    client: Client, prefix: str, language: str
):
    OfficeFactory()
    theme = ThemeFactory()
    course().themes.add(theme)

    page = client.get(f"{prefix}/programs/figures/").content.decode()

    with translation.override(language):
        name = str(theme.name)
    assert table(page, "programmes-by-theme")[1:] == [[name, "1"]]
    assert table(page, "people-trained-by-year")[1:] == [["2019", "15", "1"]]
    assert re.search(rf'<svg class="chart"[^>]*c-programmes-by-theme-t.*?{name}', page, re.DOTALL)
    query = "theme=" + theme.slug + "&amp;counted=yes"
    assert f'href="{prefix}/programs/?{query}"' in page


def test_an_approximate_number_is_called_so(client: Client):
    OfficeFactory()
    program = course()
    program.runs.get().groups.update(about=True)

    page = client.get("/en/programs/figures/").content.decode()

    assert table(page, "people-trained-by-year")[1] == ["2019", "about 15", "1"]
    assert "≈15" in page


def test_a_number_that_nobody_knows_is_said_and_not_taken_for_nobody(client: Client):
    OfficeFactory()
    course()
    course(None, code="silent")

    page = client.get("/en/programs/figures/").content.decode()

    assert table(page, "people-trained-by-year")[1] == ["2019", "15", "2", "1"]
    assert "15+" in page
    assert (
        'href="/en/programs/?part=trainee&amp;year=2019&amp;people=unknown&amp;counted=yes"' in page
    )


@pytest.mark.parametrize(
    ("women", "men", "shown"),
    [(8, 7, ["15", "8", "7", "1"]), (2, 13, ["15", "1"]), (0, 15, ["15", "0", "15", "1"])],
)
def test_so_few_women_or_men_that_they_would_be_known_are_not_shown(
    client: Client, women: int, men: int, shown: list[str]
):
    OfficeFactory()
    program = course()
    program.runs.get().groups.update(women=women, men=men)

    page = client.get("/en/programs/figures/").content.decode()

    assert table(page, "people-trained-by-year")[1][1:] == shown


def test_few_women_cannot_be_found_by_taking_the_others_from_the_sum(client: Client):
    OfficeFactory()
    for women, men in ((2, 13), (8, 7)):
        course().runs.get().groups.update(women=women, men=men)

    page = client.get("/en/programs/figures/").content.decode()

    assert table(page, "people-trained-by-year")[1] == ["2019", "30", "8", "7", "2"]


def test_filters_narrow_what_is_counted_and_stay_in_the_links(client: Client):
    OfficeFactory()
    course(15, code="a", arrangement="koica_training")
    course(20, code="b")

    page = client.get("/en/programs/figures/?arrangement=koica_training").content.decode()

    assert table(page, "people-trained-by-year")[1] == ["2019", "15", "1"]
    assert (
        "/en/data/participants/?arrangement=koica_training&amp;part=trainee&amp;year=2019" in page
    )
    assert 'id="cities-by-relation"' not in page


@pytest.mark.parametrize("page", ["programs/figures", "programs", "data/participants"])
def test_on_paper_the_source_is_the_address_with_the_filters_that_were_understood(
    client: Client, page: str
):
    OfficeFactory()
    course()

    plain = client.get(f"/en/{page}/?token=secret").content.decode()
    asked = client.get(f"/en/{page}/?token=secret&arrangement=x&kind=training&year=2019")
    paper = [
        html.unescape(each.split("print-only")[-1]) for each in (plain, asked.content.decode())
    ]

    own = f"{settings.SITE_URL}/en/{page}/"
    assert f", {own}</p>" in paper[0]
    assert f", {own}?kind=training&year=2019</p>" in paper[1]


def test_of_a_filter_that_is_chosen_only_its_own_value_has_a_line(client: Client):
    OfficeFactory()
    long = course(starts_on=date(2018, 1, 1), ends_on=date(2020, 12, 31))
    long.themes.set([ThemeFactory(slug="chosen"), ThemeFactory()])

    years = client.get("/en/programs/figures/?year=2019").content.decode()
    themes = client.get("/en/programs/figures/?theme=chosen").content.decode()

    assert [row[0] for row in table(years, "programmes-by-year")[1:]] == ["2019"]
    assert len(table(themes, "programmes-by-theme")[1:]) == 1


@pytest.mark.parametrize("query", ["kind=cake", "year=%00", "country=ZZ", "theme=" + "x" * 5000])
def test_values_that_a_filter_does_not_know_are_named_and_left_out(client: Client, query: str):
    OfficeFactory()
    course()

    response = client.get(f"/en/programs/figures/?{query}")

    page = response.content.decode()
    assert response.status_code == 200
    assert "One filter had a value that we do not know." in page
    assert table(page, "people-trained-by-year")[1] == ["2019", "15", "1"]


def test_figures_with_nothing_to_show_help(client: Client):
    OfficeFactory()
    course(kind="training")
    course(kind="volunteer", year=2020)

    page = client.get("/en/programs/figures/?kind=training&year=2020").content.decode()

    assert "No results. Try fewer filters" in page
    assert '<svg class="chart"' not in page


def test_an_empty_site_has_a_page_of_figures(client: Client):
    response = client.get("/en/programs/figures/")

    assert response.status_code == 200
    assert "How we count" in response.content.decode()


@pytest.mark.parametrize("n", [1, 6])
@time_machine.travel("2026-11-22T03:00:00Z")
def test_figures_ask_few_questions_however_much_there_is(
    client: Client, n: int, uncached_queries: Callable[[Client, str], int]
):
    OfficeFactory()
    one_of_each(n)

    assert uncached_queries(client, "/programs/figures/") <= 10


@pytest.mark.thorough
def test_figures_of_much_are_light(client: Client):
    OfficeFactory()
    one_of_each(20)

    page = client.get("/programs/figures/").content

    assert len(gzip.compress(page, 6)) < 15_000


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_each_figure_is_a_dataset_with_the_numbers_of_its_table(client: Client, figure):
    OfficeFactory()
    one_of_each(2)
    course(None)

    page = client.get("/en/programs/figures/").content.decode()
    file = client.get(f"/en/data/{figure.name}/?format=csv&lang=en")
    rows = list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"))))

    assert dataset(figure.name).figure
    shown = table(page, figure.name)
    for row, cells in zip(rows, [row for row in shown if row[0] != shown[0][0]], strict=True):
        assert row["name"] == cells[0]
        assert row[figure.measures[0].name] == cells[1].replace("–", "").replace(",", "")


def test_labels_of_a_figure_are_in_the_language_that_was_asked_for(client: Client):
    OfficeFactory()
    theme = ThemeFactory()
    course().themes.add(theme)

    def names(name: str, lang: str) -> list[str]:
        file = client.get(f"/data/{name}/?format=csv&lang={lang}")
        return [
            row["name"] for row in csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig")))
        ]

    assert names("programmes-by-theme", "zh-Hans") == [theme.name_zh_hans]
    assert names("programmes-by-kind", "en") == ["Training"]


def test_figures_are_in_the_menu_the_site_map_and_the_search(client: Client):
    OfficeFactory()

    assert 'href="/en/programs/figures/"' in client.get("/en/").content.decode()
    assert "/en/programs/figures/" in client.get("/sitemap.xml").content.decode()


def test_home_and_figures_say_the_same_of_people(client: Client):
    OfficeFactory()
    course(15)
    course(9, kind="consulting")
    course(7, announced_only=True)

    home = client.get("/").context["home"]["figures"]
    keys = client.get("/programs/figures/").context["keys"]
    with translation.override("en"):
        shown = {str(key.label): key.number.value for key in keys}

    assert (home.trained, home.courses) == (24, 2)
    assert shown["People trained"] == 24
