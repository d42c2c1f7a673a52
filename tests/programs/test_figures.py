"""The figures: every number is the sum of the rows that it leads to."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from programs.figures.chosen import Chosen, FiguresFilter, counted
from programs.figures.figure import Figure, Line, Number
from programs.figures.sections import SECTIONS
from programs.models import Program, SdgTarget
from programs.models.program import Kind
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

FIGURES = [figure for section in SECTIONS for figure in section.figures]
# Measures that add people up; every other one counts rows.
OF_PEOPLE = {"people": "total", "volunteers": "total", "women": "women", "men": "men"}


def figure(name: str) -> Figure:
    return next(each for each in FIGURES if each.name == name)


def numbers(name: str, query: str = "") -> dict[str, tuple[int | None, ...]]:
    """Values of a figure by the codes of its lines."""
    lines = figure(name).lines(Chosen(query))
    return {line.code: tuple(number.value for number in line.numbers) for line in lines}


def rows_at(client: Client, url: str) -> list[dict[str, str]]:
    """The rows of the list or dataset at an address, as its CSV has them."""
    response = client.get(f"{url}&format=csv")
    assert response.status_code == 200, url
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def linked_numbers(query: str = "") -> Iterator[tuple[Figure, Line, str, Number]]:
    chosen = Chosen(query)
    for each in FIGURES:
        for line in each.lines(chosen):
            for measure, number in zip(each.measures, line.numbers, strict=True):
                if number.url:
                    yield each, line, measure.name, number


def many_things() -> None:
    """Courses, deployments, forums and partners of every sort that figures tell apart."""
    OfficeFactory()
    lao, egypt, viet = (CountryFactory(code=code) for code in ("LA", "EG", "VN"))
    themes = [ThemeFactory(slug="fishery"), ThemeFactory(slug="finance")]
    yangon = CityFactory(slug="yangon", relation="sister", agreed_on=date(2013, 1, 14))
    hanoi = CityFactory(slug="hanoi", relation="friendship", agreed_on=date(2013, 5, 1))
    CityFactory(slug="nowhere", relation="partner", agreed_on=None)
    OrganisationFactory(kind="80")
    OrganisationFactory(kind="22")

    course = ProgramFactory(code="course", starts_on=date(2019, 1, 1), ends_on=date(2021, 12, 31))
    course.countries.add(lao)
    course.themes.set(themes)
    first = RunFactory(program=course, starts_on=date(2019, 10, 20), ends_on=None)
    ParticipantGroupFactory(run=first, total=15, women=8, men=7)
    # So few that they are in no number.
    ParticipantGroupFactory(run=first, total=2, women=0, men=2, about=True)
    third = RunFactory(program=course, starts_on=date(2021, 10, 26), ends_on=None)
    ParticipantGroupFactory(run=third, total=29, women=2, men=27)

    shared = ProgramFactory(code="shared", arrangement="koica_training")
    shared.countries.set([egypt, viet])
    run = RunFactory(program=shared, starts_on=date(2019, 4, 1), ends_on=None)
    ParticipantGroupFactory(run=run, total=20)
    ParticipantGroupFactory(run=run, total=4, country=viet)
    ParticipantGroupFactory(run=run, total=1, country=egypt)
    silent = ProgramFactory(code="silent", kind="consulting")
    ParticipantGroupFactory(run=RunFactory(program=silent), total=None)
    SdgTarget.objects.create(program=course, code="3.2")
    SdgTarget.objects.create(program=course, code="3.b")
    SdgTarget.objects.create(program=shared, code="13.1")

    sent = ProgramFactory(code="sent", kind="volunteer", starts_on=date(2018, 7, 8), ends_on=None)
    sent.cities.set([yangon, hanoi])
    run = RunFactory(program=sent, starts_on=date(2018, 7, 8), ends_on=None)
    ParticipantGroupFactory(run=run, total=50, about=True)
    unknown = ProgramFactory(
        code="unknown", kind="volunteer", starts_on=date(2018, 7, 20), ends_on=None
    )
    unknown.cities.add(yangon)
    ProgramFactory(code="forum", kind="forum", starts_on=date(2018, 11, 1), ends_on=None)
    ProgramFactory(code="undated", kind="network", starts_on=None, ends_on=None)


def not_counted() -> list[Program]:
    """What is public, and yet in no number; each would be seen in people, programmes, cities."""
    kinds = [
        {"ours": False},
        {"is_demonstration": True},
        {"announced_only": True},
        {"cancelled_at": timezone.now()},
        {"status": "draft"},
    ]
    made = []
    for fields in kinds:
        for kind in (Kind.TRAINING, Kind.VOLUNTEER, Kind.FORUM):
            program = ProgramFactory(kind=kind, **fields)
            program.countries.add(CountryFactory())
            program.themes.add(ThemeFactory())
            program.cities.add(CityFactory())
            SdgTarget.objects.create(program=program, code="1.1")
            ParticipantGroupFactory(run=RunFactory(program=program), total=7)
            made.append(program)
    return made


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?kind=training",
        "?kind=volunteer",
        "?year=2019",
        "?year=2018",
        "?country=LA",
        "?country=VN",
        "?theme=fishery",
        "?city=yangon",
        "?arrangement=koica_training",
        "?kind=training&year=2019&country=LA",
    ],
)
@pytest.mark.sqlite_too
@time_machine.travel("2026-11-22T03:00:00Z")
def test_each_number_is_the_sum_of_the_rows_it_leads_to(client: Client, settings: Any, query: str):
    settings.FILES_A_MINUTE = 1000
    many_things()
    not_counted()

    found = list(linked_numbers(query))
    data = {number.url: rows_at(client, number.url) for *_, number in found}

    assert len(found) > 5
    for each, line, measure, number in found:
        rows = data[number.url]
        cell = OF_PEOPLE.get(measure)
        total = sum(int(row[cell] or 0) for row in rows) if cell else len(rows)
        assert total == (number.value or 0), (each.name, line.code, measure, number.url)


def values_of_the_form() -> list[str]:
    """Every value of every filter that the page offers, as the end of its address."""
    form = FiguresFilter({}, queryset=counted()).form
    return [
        f"?{name}={value}"
        for name, field in form.fields.items()
        for value, _label in field.choices
        if value
    ]


@pytest.mark.thorough
@time_machine.travel("2026-11-22T03:00:00Z")
def test_every_value_of_every_filter_counts_what_its_rows_add_up_to(client: Client, settings: Any):
    settings.FILES_A_MINUTE = 10_000
    many_things()
    # Values of programmes of which nobody knows the people, or which are not counted at all.
    ProgramFactory(code="planned", starts_on=date(2015, 5, 1), ends_on=None).countries.add(
        CountryFactory(code="DZ")
    )
    announced = ProgramFactory(announced_only=True, starts_on=date(2014, 5, 1), ends_on=None)
    announced.countries.add(CountryFactory(code="KH"))
    data: dict[str, list[dict[str, str]]] = {}

    values = values_of_the_form()

    assert {"?country=DZ", "?country=KH", "?year=2014", "?year=2015", "?year=2020"} <= set(values)
    for query in values:
        chosen = Chosen(query)
        people = chosen.people_url(part="trainee")
        shown = sum(group.total or 0 for group in chosen.people_as("trainee"))
        assert shown == sum(int(row["total"] or 0) for row in rows_at(client, people)), query
        for each, line, measure, number in linked_numbers(query):
            if number.url not in data:
                data[number.url] = rows_at(client, number.url)
            cell, rows = OF_PEOPLE.get(measure), data[number.url]
            total = sum(int(row[cell] or 0) for row in rows) if cell else len(rows)
            assert total == number.value, (query, each.name, line.code, measure, number.url)


@pytest.mark.parametrize("query", ["", "?year=2020", "?country=VN", "?city=yangon"])
@time_machine.travel("2026-11-22T03:00:00Z")
def test_where_no_number_of_people_is_known_all_programmes_are_said_to_be_unknown(query: str):
    many_things()

    for name in ("people-trained-by-year", "volunteers-by-year", "volunteers-by-city"):
        for people, *_sexes, ran, unknown in numbers(name, query).values():
            if people is None:
                assert unknown == ran > 0
            else:
                assert unknown < ran


@time_machine.travel("2026-11-22T03:00:00Z")
def test_figures_count_what_there_is(client: Client):
    many_things()

    assert numbers("people-trained-by-year") == {
        "2019": (39, 8, 7, 3, 1),
        "2020": (None, None, None, 1, 1),
        "2021": (29, None, None, 1, 0),
    }
    assert numbers("people-trained-by-country") == {
        "LA": (44, 8, 7),
        "VN": (4, None, None),
        "unknown": (20, None, None),
    }
    assert numbers("volunteers-by-year") == {"2018": (50, 2, 1)}
    assert numbers("volunteers-by-city") == {"yangon": (50, 2, 1), "hanoi": (50, 1, 0)}
    assert numbers("programmes-by-sdg") == {"3": (1,), "13": (1,)}
    assert numbers("forums-by-year") == {"2018": (1,)}
    assert numbers("cities-by-year") == {"2013": (1, 1)}
    assert numbers("cities-by-relation")["partner"] == (1,)


def test_what_is_not_counted_is_in_no_number(client: Client):
    OfficeFactory()
    ProgramFactory(code="one")
    before = {each.name: numbers(each.name) for each in FIGURES if each.is_filtered}
    not_counted()

    after = {each.name: numbers(each.name) for each in FIGURES if each.is_filtered}

    assert after == before
    assert after["programmes-by-kind"] == {"training": (1,)}
