"""Public pages of programmes, through the real client and address."""

from __future__ import annotations

import re
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from programs.models import Program
from programs.models.program import State
from tests.admin.pictures import a_picture
from tests.factories import (
    CityFactory,
    CountryFactory,
    IndicatorFactory,
    MeasurementFactory,
    MilestoneFactory,
    MonitoringVisitFactory,
    OfficeFactory,
    OrganisationFactory,
    ParticipantGroupFactory,
    PhotoFactory,
    ProgramFactory,
    RoleFactory,
    RunFactory,
    SectorShareFactory,
    SourceFactory,
    ThemeFactory,
    WorkFactory,
)

pytestmark = pytest.mark.django_db
LANGUAGES = [("", "ko"), ("/en", "en"), ("/zh-hans", "zh-hans")]


def full_program(**fields) -> Program:
    """A programme with one of everything that its page shows."""
    program = ProgramFactory(**fields)
    program.countries.add(CountryFactory())
    program.cities.add(CityFactory())
    program.themes.add(ThemeFactory())
    program.sources.add(SourceFactory())
    RoleFactory(program=program)
    SectorShareFactory(program=program)
    ParticipantGroupFactory(run=RunFactory(program=program))
    MeasurementFactory(indicator=IndicatorFactory(program=program))
    MilestoneFactory(program=program)
    MonitoringVisitFactory(program=program)
    WorkFactory(program=program)
    PhotoFactory(program=program)
    return program


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_program_list_shows_cards_in_the_language(client: Client, prefix: str, language: str):
    OfficeFactory()
    program = full_program()
    with translation.override(language):
        title, theme_free = program.title, program.get_kind_display()

    page = client.get(f"{prefix}/programs/").content.decode()

    assert title in page
    assert theme_free in page


@pytest.mark.sqlite_too
@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("kind=training", {"a"}),
        ("kind=volunteer", {"b"}),
        ("arrangement=koica_training", {"a"}),
        ("modality=triangular", {"b"}),
        ("theme=fishery", {"a"}),
        ("country=LA", {"a"}),
        ("city=yangon", {"b"}),
        ("year=2019", {"a", "b"}),
        ("year=2021", {"a"}),
        ("organisation=koica", {"a"}),
        ("sector=31310", {"a"}),
        ("state=closed", {"a", "b"}),
        ("state=planned", set()),
        ("q=양곤", {"b"}),
        ("q=YANGON", {"b"}),
        ("kind=training&country=LA&year=2020", {"a"}),
        ("kind=volunteer&country=LA", set()),
    ],
)
@time_machine.travel(date(2026, 11, 22))
def test_program_list_filters(client: Client, query: str, hits: set[str]):
    OfficeFactory()
    a = ProgramFactory(
        code="a",
        arrangement="koica_training",
        starts_on=date(2019, 1, 1),
        ends_on=date(2021, 12, 31),
    )
    b = ProgramFactory(
        code="b",
        kind="volunteer",
        modality="triangular",
        title_ko="양곤 봉사",
        title_en="Yangon deployment",
    )
    a.themes.add(ThemeFactory(slug="fishery"))
    a.countries.add(CountryFactory(code="LA"))
    SectorShareFactory(program=a, sector__code="31310")
    koica = OrganisationFactory(slug="koica")
    RoleFactory(program=a, organisation=koica, kind="funds")
    RoleFactory(program=a, organisation=koica, kind="implements")
    b.cities.add(CityFactory(slug="yangon"))

    page = client.get(f"/programs/?{query}").context["listing"].page

    assert {program.code for program in page} == hits


def test_program_list_names_each_chosen_filter_with_its_way_out(client: Client):
    OfficeFactory()
    ProgramFactory()

    listing = client.get("/en/programs/?kind=training&q=Programme&page=1").context["listing"]

    assert [(chip.label, chip.url) for chip in listing.chips] == [
        ("Words: Programme", "/en/programs/?kind=training"),
        ("Kind: Training", "/en/programs/?q=Programme"),
    ]


def test_program_list_lists_partners_programmes_apart(client: Client):
    OfficeFactory()
    ours, theirs = ProgramFactory(), ProgramFactory(ours=False)

    assert list(client.get("/programs/").context["listing"].page) == [ours]
    assert list(client.get("/programs/by-partners/").context["listing"].page) == [theirs]


@pytest.mark.parametrize(
    "query",
    [
        "kind=nonsense",
        "year=abc",
        "year=99999999999",
        "country=%00",
        "q=%00",
        "q=" + "x" * 10_000,
        "q=a+b+c+d+e+f+g+h+i",
        "state=running'--",
        "kind=training&kind=%F0%9F%92%A9",
        "organisation=" + "y" * 5_000,
    ],
)
@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_program_list_ignores_what_it_does_not_know_and_says_so(
    client: Client, prefix: str, query: str
):
    OfficeFactory()
    ProgramFactory()

    response = client.get(f"{prefix}/programs/?{query}")

    assert response.status_code == 200
    listing = response.context["listing"]
    assert listing.words_refused if query.startswith("q=") else listing.ignored
    assert len(response.content) < 100_000
    assert response.context["listing"].total == 1


def test_filters_offer_nothing_that_only_a_demonstration_has(client: Client):
    OfficeFactory()
    ProgramFactory(starts_on=date(2019, 3, 1), ends_on=None)
    sample = ProgramFactory(is_demonstration=True, starts_on=date(2031, 1, 1), ends_on=None)
    sample.themes.add(ThemeFactory(slug="of-the-demonstration"))
    sample.cities.add(CityFactory(slug="nowhere"))

    page = client.get("/en/programs/").content.decode()

    assert '<option value="2019">' in page
    for value in ("2031", "of-the-demonstration", "nowhere"):
        assert f'<option value="{value}">' not in page


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "9" * 400, "%00", "１"])
def test_program_list_has_no_page_beyond_its_end(client: Client, page: str):
    OfficeFactory()
    ProgramFactory()

    expected = 200 if page == "１" else 404  # a figure of another script is a figure
    assert client.get(f"/programs/?page={page}").status_code == expected


def test_program_detail_shows_what_belongs_to_it(client: Client):
    OfficeFactory()
    program = full_program(kind="sister_village")

    page = client.get(f"/en{program.get_absolute_url()}").content.decode()

    for row in (
        *program.countries.all(),
        *program.cities.all(),
        *program.themes.all(),
        program.roles.get().organisation,
        program.works.get(),
        program.indicators.get(),
    ):
        assert row.name_en in page
    assert program.milestones.get().text_en in page
    assert program.photos.get().caption_en in page
    assert program.sources.get().url in page
    assert "15 people" in page


def test_program_detail_of_an_unknown_code_is_404_in_the_language(client: Client):
    OfficeFactory()

    response = client.get("/zh-hans/programs/nothing-here/")

    assert response.status_code == 404
    assert '<html lang="zh-Hans"' in response.content.decode()


def test_program_detail_labels_an_estimate(client: Client):
    OfficeFactory()
    share = SectorShareFactory()

    page = client.get(f"/en{share.program.get_absolute_url()}").content.decode()

    assert "(Our estimate)" in page


def test_program_detail_without_a_translation_shows_the_source_in_its_own_language(
    client: Client,
):
    OfficeFactory()
    program = ProgramFactory(title_ko="우리말 제목", title_en="", title_zh_hans="")

    response = client.get(f"/zh-hans{program.get_absolute_url()}")

    page = response.content.decode()
    assert response.status_code == 200
    assert '<span lang="ko">우리말 제목</span>' in page
    assert f'rel="canonical" href="http://localhost:8000{program.get_absolute_url()}"' in page


@time_machine.travel(date(2026, 11, 22))
def test_program_detail_keeps_overdue_visits_for_staff(client: Client):
    OfficeFactory()
    program = ProgramFactory(kind="sister_village")
    MonitoringVisitFactory(program=program, planned_on=date(2026, 1, 10), findings_en="Overdue")
    MonitoringVisitFactory(program=program, planned_on=date(2027, 1, 10), findings_en="To come")
    MonitoringVisitFactory(
        program=program,
        planned_on=date(2025, 1, 10),
        visited_on=date(2025, 2, 3),
        in_use=True,
        findings_en="Made",
    )

    page = client.get(f"/en{program.get_absolute_url()}").content.decode()

    assert "Overdue" not in page
    assert "To come" in page
    assert "Made" in page
    assert "3 February 2025" in page


def test_photo_detail_leads_to_its_neighbours(client: Client):
    OfficeFactory()
    program = ProgramFactory()
    first, second, third = (PhotoFactory(program=program, position=n) for n in range(3))

    context = client.get(second.get_absolute_url()).context

    assert (context["previous"], context["next"]) == (first, third)


def test_photo_detail_of_another_programme_is_404(client: Client):
    OfficeFactory()
    photo, other = PhotoFactory(), ProgramFactory()

    assert client.get(f"/programs/{other.code}/photos/{photo.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("prefix", "credit", "written"),
    [
        ("", "김부산", "· 김부산"),
        ("/en", "김<b>부산", '· <span lang="ko">김&lt;b&gt;부산</span>'),
        ("/zh-hans", "Kim", "· Kim"),
    ],
)
def test_photo_detail_says_in_which_language_a_credit_is_read(
    client: Client, prefix: str, credit: str, written: str
):
    OfficeFactory()
    photo = PhotoFactory(image=a_picture(), credit=credit)

    assert written in client.get(f"{prefix}{photo.get_absolute_url()}").text


@pytest.mark.thorough
@pytest.mark.parametrize("path", ["/programs/", "/en/programs/?kind=training&year=2019"])
def test_program_list_asks_the_database_as_often_for_50_rows_as_for_1(
    client: Client, path: str, uncached_queries
):
    OfficeFactory()
    full_program(kind="training")
    one = uncached_queries(client, path)
    for _number in range(49):
        full_program(kind="training")

    assert uncached_queries(client, path) == one <= 8


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_volunteers_and_the_village_where_they_worked_lead_to_each_other(
    client: Client, prefix: str, language: str
):
    OfficeFactory()
    village = ProgramFactory(kind="sister_village")
    deployment = ProgramFactory(kind="volunteer", village=village)
    hidden = ProgramFactory(kind="volunteer", village=village, status="draft")
    with translation.override(language):
        to_village, to_deployment = village.get_absolute_url(), deployment.get_absolute_url()

    assert f'<dd><a href="{to_village}">' in client.get(to_deployment).content.decode()
    page = client.get(to_village).content.decode()
    assert f'<a class="row-link" href="{to_deployment}">' in page
    assert hidden.code not in page


def test_volunteers_do_not_lead_to_a_village_that_is_not_public(client: Client):
    OfficeFactory()
    village = ProgramFactory(kind="sister_village", status="draft")
    deployment = ProgramFactory(kind="volunteer", village=village)

    page = client.get(f"/en{deployment.get_absolute_url()}").content.decode()

    assert village.code not in page
    assert village.title_en not in page


def test_step_says_in_a_word_what_it_was(client: Client):
    OfficeFactory()
    step = MilestoneFactory(on=date(2018, 7, 2), label_en="Council")

    page = client.get(f"/en{step.program.get_absolute_url()}").content.decode()

    assert "2 July 2018 · Council</p>" in page


@pytest.mark.thorough
def test_program_detail_asks_the_database_as_often_for_50_rows_as_for_1(
    client: Client, uncached_queries
):
    OfficeFactory()
    program = full_program(kind="sister_village")
    full_program()
    one = uncached_queries(client, program.get_absolute_url())
    for _number in range(20):
        RoleFactory(program=program)
        PhotoFactory(program=program)
        MilestoneFactory(program=program)
        ParticipantGroupFactory(run=RunFactory(program=program))
        MeasurementFactory(indicator=IndicatorFactory(program=program))
        full_program()

    assert uncached_queries(client, program.get_absolute_url()) == one <= 20


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"starts_on": date(2027, 1, 1), "ends_on": None}, State.PLANNED),
        ({"starts_on": date(2026, 11, 22), "ends_on": date(2026, 11, 22)}, State.RUNNING),
        ({"starts_on": date(2026, 1, 1), "ends_on": None}, State.RUNNING),
        ({"starts_on": None, "ends_on": None}, None),
        ({"starts_on": None, "ends_on": date(2026, 12, 31)}, State.RUNNING),
        ({"starts_on": date(2026, 1, 1), "ends_on": date(2026, 11, 21)}, State.CLOSED),
        ({"starts_on": None, "ends_on": date(2026, 11, 21)}, State.CLOSED),
        (
            {"starts_on": date(2026, 1, 1), "ends_on": None, "closed_on": date(2026, 11, 22)},
            State.CLOSED,
        ),
        (
            {
                "starts_on": date(2025, 1, 1),
                "ends_on": date(2025, 2, 1),
                "follow_up_until": date(2026, 11, 22),
            },
            State.FOLLOW_UP,
        ),
        (
            {
                "starts_on": date(2025, 1, 1),
                "ends_on": date(2025, 2, 1),
                "follow_up_until": date(2026, 11, 21),
            },
            State.CLOSED,
        ),
        ({"starts_on": date(2027, 1, 1), "cancelled_at": "2026-01-01T00:00Z"}, State.CANCELLED),
    ],
)
def test_state_is_computed_alike_for_one_row_and_for_many(fields: dict, state: State):
    today = date(2026, 11, 22)
    program = ProgramFactory(**{"ends_on": None, **fields})
    program.refresh_from_db()

    assert program.state(today) == state
    found = {name for name in State if Program.objects.in_state(name, today).exists()}
    assert found == ({state} if state else set())


@time_machine.travel("2026-11-22T12:00:00+09:00")
def test_program_list_on_paper_tells_filters_day_and_page(client: Client):
    OfficeFactory()
    for _number in range(13):
        ProgramFactory(kind="forum")

    page = client.get("/en/programs/?kind=forum&page=2").content.decode()

    paper = " ".join(page.split("print-only")[1].split("</p>")[0].split())
    assert "As of 22 November 2026" in re.sub("<[^>]+>", "", paper)
    assert paper.endswith("· Page 2 of 2")
    assert '<p class="print-only">Chosen filters</p>' in page


def test_a_village_tells_its_deployments_apart_from_what_is_related(client: Client):
    OfficeFactory()
    city = CityFactory()
    village = ProgramFactory(kind="sister_village")
    deployments = [
        ProgramFactory(kind="volunteer", village=village, starts_on=date(year, 7, 1))
        for year in range(2001, 2016)
    ]
    ProgramFactory(kind="volunteer", village=village, status="draft")
    related = ProgramFactory(kind="training", starts_on=date(2000, 1, 1))
    for program in (village, related, *deployments):
        program.cities.add(city)

    around = client.get(village.get_absolute_url()).context["around"]

    assert around.deployments == deployments[::-1]
    assert around.related == [related]
