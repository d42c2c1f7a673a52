"""The reporting to IATI in the back office: what is missing, what is confirmed, and by whom."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext

from oda_portal.audit.models import Transition
from programs.models import (
    Confirmation,
    CountryShare,
    Program,
    Reporting,
    Role,
    SectorShare,
)
from programs.reporting.measuring import measure_all
from programs.reporting.readiness import is_ready
from tests.accounts.test_roles import NAMES, member
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.factories import (
    ForumFactory,
    OfficeFactory,
    ParticipantGroupFactory,
    ProgramFactory,
    RunFactory,
)
from tests.programs.reporting import (
    country,
    ready_program,
    sector,
    the_publisher,
    unconfirmed_program,
)

pytestmark = pytest.mark.django_db
READINESS = "/admin/programs/program/readiness/"
LIST = "/admin/programs/program/"
ASPECTS = Confirmation.Aspect.values


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


@pytest.fixture
def editor(client: Client) -> Client:
    sign_in_staff(client, member("editor"))
    return client


def form_of(program: Program) -> str:
    return f"{LIST}{program.pk}/change/"


def page_of(program: Program, aspect: str, act: str = "") -> str:
    return f"{LIST}{program.pk}/confirm/{aspect}/{act}"


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def send(client: Client, program: Program, aspect: str, **changes: Any) -> Any:
    page = page_of(program, aspect)
    return client.post(page, filled(client.get(page), **changes), follow=True)


# --- confirming -----------------------------------------------------------------------------------


@pytest.mark.parametrize("aspect", ASPECTS)
def test_what_is_shown_is_confirmed_by_whoever_sends_it(editor: Client, aspect: str):
    program = unconfirmed_program()

    answer = send(editor, program, aspect)

    assert answer.redirect_chain[-1][0] == form_of(program)
    row = Confirmation.objects.get(program=program)
    assert (row.aspect, row.by.groups.get().name) == (aspect, "editor")  # type: ignore[union-attr]


def test_opening_the_page_changes_nothing(editor: Client):
    program = ready_program()
    before = Program.objects.get(pk=program.pk).changed_at
    Transition.objects.all().delete()

    for aspect in ASPECTS:
        assert editor.get(page_of(program, aspect)).status_code == 200
        assert editor.get(page_of(program, aspect, "take-back/")).status_code == 200

    assert Confirmation.objects.count() == 3
    assert not Transition.objects.exists()
    assert Program.objects.get(pk=program.pk).changed_at == before


def test_shares_are_suggested_by_people_and_saved_when_they_are_sent(editor: Client):
    program = unconfirmed_program(countries={"VN": None, "KH": None, "LA": None})
    run = RunFactory(program=program)
    for code, total in (("VN", 7), ("KH", 11), ("LA", 13)):
        ParticipantGroupFactory(run=run, country=country(code), total=total)

    shown = editor.get(page_of(program, "shares"))
    stored = set(CountryShare.objects.values_list("percentage", flat=True))
    answer = editor.post(page_of(program, "shares"), filled(shown), follow=True)

    assert answer.redirect_chain
    assert stored == {None}
    rows = CountryShare.objects.filter(program=program).order_by("pk")
    assert [row.percentage for row in rows] == [
        Decimal("22.58"), Decimal("35.48"), Decimal("41.94"),
    ]  # fmt: skip
    assert Confirmation.objects.filter(program=program, aspect="shares").exists()


def test_equal_parts_are_said_to_be_no_knowledge(editor: Client):
    program = unconfirmed_program(countries={"VN": None, "KH": None})
    said = gettext(
        "The shares suggested here are equal parts: it is not recorded how many people came from which country. Put them right before you confirm them."
    )

    before = editor.get(page_of(program, "shares")).content.decode()
    run = RunFactory(program=program)
    for code in ("VN", "KH"):
        ParticipantGroupFactory(run=run, country=country(code), total=12)
    after = editor.get(page_of(program, "shares")).content.decode()

    assert said in before
    assert said not in after


def test_sectors_are_chosen_and_are_an_estimate_no_longer(editor: Client):
    program = unconfirmed_program()
    SectorShare.objects.filter(program=program).update(basis="estimated")
    second = sector("21010")

    send(
        editor,
        program,
        "sectors",
        **{"rows-0-percentage": "60", "rows-1-sector": str(second.pk), "rows-1-percentage": "40"},
    )

    rows = SectorShare.objects.filter(program=program).order_by("pk")
    assert [(row.sector.code, row.percentage, row.basis) for row in rows] == [
        ("43030", 60, "reported"),
        ("21010", 40, "reported"),
    ]
    assert Confirmation.objects.filter(program=program, aspect="sectors").exists()


def test_who_funds_what_the_city_does_is_suggested(editor: Client):
    program = unconfirmed_program()
    Role.objects.filter(program=program, kind="funds").delete()

    send(editor, program, "roles")

    funder = Role.objects.get(program=program, kind="funds")
    assert funder.organisation == the_publisher().organisation


def test_nobody_is_suggested_for_what_others_pay(editor: Client):
    program = unconfirmed_program(arrangement="koica_training")
    Role.objects.filter(program=program, kind="funds").delete()

    answer = send(editor, program, "roles")

    assert not Confirmation.objects.exists()
    assert "errorlist" in answer.content.decode()
    assert not Role.objects.filter(program=program, kind="funds").exists()


@pytest.mark.parametrize(
    ("aspect", "changes"),
    [
        ("shares", {"rows-0-percentage": "30", "rows-1-percentage": "30"}),
        ("shares", {"rows-0-percentage": "-5", "rows-1-percentage": "105"}),
        ("shares", {"rows-0-percentage": "many"}),
        ("shares", {"rows-0-percentage": "NaN"}),
        ("shares", {"rows-0-percentage": "100", "rows-1-percentage": ""}),
        ("shares", {"rows-0-country": "99999999999999999999"}),
        ("shares", {"rows-0-country": "\x00"}),
        ("shares", {"rows-TOTAL_FORMS": "1000000"}),
        ("shares", {"rows-TOTAL_FORMS": "x"}),
        ("shares", {"rows-0-id": "1234567"}),
        ("roles", {"rows-0-kind": "rules"}),
        ("roles", {"rows-0-DELETE": "on"}),
        ("sectors", {"rows-0-DELETE": "on"}),
    ],
)
def test_bad_input_is_named_and_nothing_is_confirmed(
    editor: Client, aspect: str, changes: dict[str, str]
):
    program = unconfirmed_program(countries={"VN": None, "KH": None}, arrangement="tendered")
    kept = list(CountryShare.objects.values()), list(Role.objects.values())

    answer = send(editor, program, aspect, **changes)

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not Confirmation.objects.exists()
    assert kept == (list(CountryShare.objects.values()), list(Role.objects.values()))


def test_what_another_changed_meanwhile_is_shown_first(editor: Client):
    program = unconfirmed_program()
    page = page_of(program, "sectors")
    form = filled(editor.get(page))
    SectorShare.objects.filter(program=program).update(sector=sector("21010"))

    answer = editor.post(page, form, follow=True)

    assert answer.redirect_chain == [(page, 302)]
    assert not Confirmation.objects.exists()


def test_sent_twice_it_is_confirmed_once(editor: Client):
    program = unconfirmed_program(countries={"VN": None, "KH": None})
    page = page_of(program, "shares")
    form = filled(editor.get(page))

    for _time in range(2):
        assert editor.post(page, form, follow=True).redirect_chain[-1][0] == form_of(program)

    told = Transition.objects.filter(field="reporting_shares", object_id=program.pk)
    assert told.filter(from_state="", to_state="confirmed").count() == 2  # once by the example
    assert CountryShare.objects.filter(program=program).count() == 2


def test_a_confirmation_is_taken_back_with_a_reason(editor: Client):
    program = ready_program()
    page = page_of(program, "sectors", "take-back/")

    answer = editor.post(page, filled(editor.get(page), reason="잘못 보았다"), follow=True)

    assert answer.redirect_chain[-1][0] == form_of(program)
    assert not is_ready(Program.objects.get(pk=program.pk))
    assert Transition.objects.filter(reason="잘못 보았다", from_state="confirmed").count() == 1
    assert SectorShare.objects.get(program=program).is_estimate
    assert editor.post(page, {"reason": ""}, follow=True).status_code == 200


def test_what_cannot_be_confirmed_has_no_page(editor: Client):
    program = ready_program()

    for page in (
        page_of(program, "nothing"),
        f"{LIST}999/confirm/roles/",
        f"{LIST}x/confirm/roles/",
    ):
        assert editor.get(page).status_code == 404, page


def test_of_a_closed_edition_only_what_stands_there_is_confirmed(editor: Client):
    program = unconfirmed_program(kind="forum", title_en="Closed forum")
    ForumFactory(program=program)
    program.forum.__class__.objects.filter(pk=program.forum.pk).update(
        frozen_at="2026-01-01T00:00Z"
    )

    refused = send(editor, program, "sectors", **{"rows-0-percentage": "100"})
    assert "errorlist" in refused.content.decode()
    assert SectorShare.objects.get(program=program).percentage is None
    send(editor, program, "sectors")

    assert Confirmation.objects.filter(program=program, aspect="sectors").count() == 1


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [name for name in NAMES if name != "editor"])
def test_nobody_else_sees_or_confirms_it(client: Client, role: str):
    program = ready_program()
    sign_in_staff(client, member(role))

    pages = [READINESS, *(page_of(program, aspect) for aspect in ASPECTS)]
    pages += [page_of(program, aspect, "take-back/") for aspect in ASPECTS]
    for page in pages:
        assert client.get(page).status_code == 403, page
        assert client.post(page, {"seen": "x"}).status_code == 403, page
    assert Confirmation.objects.count() == 3
    for page in (LIST, form_of(program)):
        assert "readiness-meter" not in client.get(page, follow=True).content.decode()


def test_whoever_only_reads_confirmations_confirms_none(client: Client):
    program, user = ready_program(), member("forum_manager")
    user.user_permissions.add(Permission.objects.get(codename="view_confirmation"))
    sign_in_staff(client, user)

    assert client.get(READINESS).status_code == 200
    assert client.get(page_of(program, "sectors")).status_code == 403
    shown = client.get(form_of(program)).content.decode()
    assert "readiness-panel" in shown
    assert "/confirm/sectors/" not in shown


# --- readiness ------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_the_form_says_what_is_missing(editor: Client, prefix: str):
    program = unconfirmed_program()

    shown = editor.get(f"{prefix}{form_of(program)}").content.decode()

    assert "readiness-panel" in shown
    assert f"{prefix}{page_of(program, 'shares')}" in shown
    assert "16/19" in shown


def test_the_form_saves_what_is_asked_for(editor: Client):
    program = ready_program()
    page = form_of(program)

    editor.post(
        page, filled(editor.get(page), **{"reporting-0-aid_type": "D02", "reporting-0-wanted": ""})
    )

    row = Reporting.objects.get(program=program)
    assert (row.aid_type, row.wanted) == ("D02", False)
    refused = editor.post(page, filled(editor.get(page), **{"reporting-0-aid_type": "Z99"}))
    assert refused.context["errors"]


def test_a_programme_that_nobody_wants_reported_gets_no_settings(editor: Client):
    program = ProgramFactory()
    page = form_of(program)

    editor.post(page, filled(editor.get(page), title_ko="새 제목"))

    assert not Reporting.objects.exists()


def rows_in(answer: Any) -> set[str]:
    return set(re.findall(r'class="field-title[^"]*"><a [^>]*>([^<]+)<', answer.content.decode()))


@pytest.mark.parametrize(
    ("chosen", "titles"),
    [
        ("ready", {"다 된 사업"}),
        ("lacking", {"덜 된 사업"}),
        ("unwanted", {"생각 없는 사업"}),
        ("nonsense", {"다 된 사업", "덜 된 사업", "생각 없는 사업"}),
    ],
)
def test_the_list_is_filtered_by_readiness(editor: Client, chosen: str, titles: set[str]):
    ready_program(title_ko="다 된 사업")
    unconfirmed_program(title_ko="덜 된 사업")
    ProgramFactory(title_ko="생각 없는 사업")
    measure_all()

    assert rows_in(editor.get(LIST, {"reporting": chosen}, follow=True)) == titles


def test_the_page_of_all_counts_what_is_missing(editor: Client):
    ready_program(title_ko="다 된 사업")
    unconfirmed_program(title_ko="덜 된 사업")
    ProgramFactory(title_ko="남의 사업", ours=False)

    answer = editor.get(READINESS)
    shown = answer.content.decode()
    counts = {rule.name: count for rule, count in answer.context["musts"]}

    assert (answer.context["ready"], answer.context["total"]) == (1, 2)
    assert counts["confirmed_roles"] == 1
    assert counts["title"] == 0
    assert "남의 사업" not in shown
    only = editor.get(READINESS, {"requirement": "confirmed_roles"}).content.decode()
    assert "덜 된 사업" in only
    assert "다 된 사업" not in only


@pytest.mark.parametrize("query", ["requirement=nonsense", "p=999999999", "p=x", "requirement="])
def test_absurd_addresses_show_the_plain_page(editor: Client, query: str):
    ready_program(title_ko="다 된 사업")

    assert "다 된 사업" in editor.get(f"{READINESS}?{query}").content.decode()


@pytest.mark.thorough
def test_many_programmes_are_asked_in_as_many_questions_as_one(editor: Client):
    def asked(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(page).status_code == 200
        return len([query for query in queries if 'cache"' not in query["sql"]])

    pages = [READINESS, f"{LIST}?all=", form_of(ready_program(title_ko="하나"))]
    unconfirmed_program()
    for page in pages:  # what is read once and kept
        asked(page)
    few = [asked(page) for page in pages]
    for _number in range(6):
        unconfirmed_program(sectors={"43030": Decimal(40), "21010": Decimal(60)})

    assert [asked(page) for page in pages] == few


def test_the_first_page_reminds_of_what_nobody_confirmed(editor: Client):
    ready_program()
    assert "reporting=unconfirmed" not in editor.get("/admin/").content.decode()

    program = unconfirmed_program()

    assert "reporting=unconfirmed" in editor.get("/admin/").content.decode()
    listed = editor.get(f"{LIST}?reporting=unconfirmed").context["cl"]
    assert [*listed.queryset] == [program]
