"""Numbers of people single out nobody, neither by themselves nor by what they leave."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from partners.models import Country
from programs.few import FEWEST, Shown, is_few, shown_of
from programs.figures.chosen import Chosen
from programs.figures.people import TRAINED_BY_COUNTRY, TRAINED_BY_YEAR
from programs.models import CountryShare, Program
from programs.reporting.people import count_of
from programs.reporting.recipients import suggested_shares
from tests.factories import CountryFactory, OfficeFactory, ParticipantGroupFactory, RunFactory


@dataclass
class Group:
    women: int | None
    men: int | None
    total: int | None


@pytest.mark.parametrize(
    ("group", "shown"),
    [
        ((7, 8, 15), (15, 7, 8)),
        ((0, 15, 15), (15, 0, 15)),
        ((3, 3, 15), (15, 3, 3)),
        ((None, None, None), (None, None, None)),
        ((7, 8, None), (None, 7, 8)),
        ((1, 14, 15), (15, None, None)),
        ((13, 2, 15), (15, None, None)),
        # One of whom neither was written down, and one man.
        ((4, 3, 8), (8, None, None)),
        ((5, None, 6), (6, None, None)),
        ((5, None, 8), (8, 5, None)),
        ((1, 14, None), (None, None, None)),
        # Fewer than three in all.
        ((None, None, 2), (None, None, None)),
        ((0, 2, 2), (None, None, None)),
        ((0, 0, 0), (None, None, None)),
        ((1, 1, None), (None, None, None)),
    ],
)
def test_what_would_tell_of_few_is_not_shown(group: tuple[Any, ...], shown: tuple[Any, ...]):
    assert shown_of(Group(*group)) == Shown(*shown)


NUMBER = st.none() | st.integers(0, 12)


@given(women=NUMBER, men=NUMBER, rest=NUMBER)
def test_nothing_small_is_shown_nor_left_over(women: int | None, men: int | None, rest: int | None):
    total = None if rest is None else (women or 0) + (men or 0) + rest
    group = Group(women, men, total)
    shown = shown_of(group)
    told = [number for number in shown if number is not None]
    if shown.total is not None and shown.women is not None:
        told.append(shown.total - shown.women)
    if shown.total is not None and shown.men is not None:
        told.append(shown.total - shown.men)
    told.append((shown.total or 0) - (shown.women or 0) - (shown.men or 0) if shown.total else 0)
    assert not [number for number in told if 0 < number < FEWEST]
    assert not (is_few(group) and any(number is not None for number in shown))


def small_group(**more: Any) -> Program:
    """A course of six people and one whom everybody could name."""
    OfficeFactory()
    run = RunFactory()
    ParticipantGroupFactory(run=run, total=6, women=3, men=3, label_en="Engineers")
    who = {"label_ko": "과장", "label_en": "Head of section", "label_zh_hans": "科长"}
    country = CountryFactory(code="MN")
    ParticipantGroupFactory(run=run, total=1, women=1, men=0, country=country, **who, **more)
    return run.program


def rows_at(client: Client, url: str) -> list[dict[str, str]]:
    content = b"".join(client.get(url).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["ko", "en", "zh-Hans", "all"])
def test_a_group_of_few_has_neither_numbers_nor_a_label_in_the_data(client: Client, lang: str):
    small_group()
    address = f"/data/participants/?format=csv&lang={lang}"
    row = next(row for row in rows_at(client, address) if row["country_code"] == "MN")
    hidden = {
        name: row[name] for name in row if name.startswith(("total", "women", "men", "label"))
    }
    assert len(hidden) >= 5
    assert not any(hidden.values())


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["total", "women", "men", "label"])
def test_the_order_of_rows_does_not_tell_what_is_hidden(client: Client, name: str):
    small_group()
    assert client.get(f"/data/api/v1/participants/?ordering={name}").status_code == 400


@pytest.mark.django_db
def test_all_that_adds_people_up_leaves_out_the_same(client: Client):
    program = small_group(about=True)
    by_code = {row["code"]: row for row in rows_at(client, "/data/programmes/?format=csv")}
    row = by_code[program.code]
    assert (row["people"], row["people_about"]) == ("6", "false")
    card = Program.objects.for_cards().get()
    assert (card.people_total, card.people_about) == (6, False)
    page = client.get(program.get_absolute_url()).context["page"]
    assert (page.people, page.people_about) == (6, False)
    assert client.get("/").context["home"]["figures"].trained == 6
    assert count_of(program.runs.get()).total == 6


@pytest.mark.django_db
def test_a_programme_of_few_alone_is_one_whose_number_is_not_known(client: Client):
    program = small_group()
    program.runs.get().groups.filter(total=6).delete()
    assert Program.objects.for_cards().get().people_total is None
    assert not Program.objects.with_people_known().get().people_known
    assert client.get(program.get_absolute_url()).context["page"].people is None
    assert client.get("/").context["home"]["figures"].courses == 0
    [line] = TRAINED_BY_YEAR.lines(Chosen())
    # Of one programme the number is not known.
    assert [number.value for number in line.numbers] == [None, None, None, 1, 1]
    assert TRAINED_BY_COUNTRY.lines(Chosen()) == []


@pytest.mark.django_db
def test_figures_add_up_women_and_men_of_a_group_without_a_total(client: Client):
    OfficeFactory()
    run = ParticipantGroupFactory(women=8, men=7, total=None).run
    ParticipantGroupFactory(run=run, women=1, men=4, total=5)
    [line] = TRAINED_BY_YEAR.lines(Chosen())
    assert [number.value for number in line.numbers[:3]] == [5, 8, 7]
    rows = rows_at(client, f"{line.numbers[0].url}&format=csv")
    for number, name in zip(line.numbers[:3], ("total", "women", "men"), strict=True):
        assert sum(int(row[name] or 0) for row in rows) == number.value


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("numbers", "says"),
    [((3, 3, 6), True), ((5, 1, 6), False), ((4, None, 5), False), ((1, 1, 2), False)],
)
def test_the_page_of_a_programme_shows_what_the_data_show(
    client: Client, numbers: tuple[Any, ...], says: bool
):
    OfficeFactory()
    women, men, total = numbers
    group = ParticipantGroupFactory(women=women, men=men, total=total, label_en="Engineers")
    page = client.get(f"/en{group.run.program.get_absolute_url()}").content.decode()
    assert ("women: " in page) is says
    assert ("Engineers" in page) is (total >= FEWEST)
    assert (f"{total} people" in page) is (total >= FEWEST)


@pytest.mark.django_db
def test_shares_that_are_published_do_not_tell_of_a_group_of_few():
    program = small_group()
    countries = [CountryFactory(code="LA"), Country.objects.get(code="MN")]
    shares = [CountryShare.objects.create(program=program, country=row) for row in countries]
    ParticipantGroupFactory(run=program.runs.get(), total=29, country=countries[0])
    # Not 29 to 1: how many came from Mongolia counts as not known.
    assert list(suggested_shares(program, shares).values()) == [50, 50]
