"""The page of all translations, its files, the first page, readers, and the weekly mail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from oda_portal.mail.models import Message
from oda_portal.translating.models import TranslationState
from oda_portal.translating.reminders import tell
from oda_portal.translating.states import after_saving, texts_of
from tests import factories
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db

MATRIX = "/admin/translating/translationstate/"


def save(row: Any, **texts: str) -> None:
    before = texts_of(row)
    for column, text in texts.items():
        setattr(row, column, text)
    row.save()
    after_saving(before, row, by=None)


def member(client: Client, *roles: str, **fields: Any) -> User:
    set_up_roles()
    user = factories.StaffFactory(is_superuser=False, **fields)
    user.groups.set(Group.objects.filter(name__in=roles))
    sign_in_staff(client, user)
    return user


def cells(client: Client, kind: str, **filters: str) -> dict[str, tuple[int, int, int]]:
    """Of one kind by language: texts, out of date, missing."""
    context = client.get(MATRIX, {"kind": kind, **filters}).context
    return {
        shown.html_lang: (shown.cell.total, shown.cell.outdated, shown.cell.missing)
        for _label, line in context["lines"]
        for shown in line
    }


def texts(client: Client, **filters: str) -> list[Any]:
    return client.get(MATRIX, filters).context["texts"]


def lines_of(response: Any) -> list[str]:
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()


def test_the_table_counts_texts_by_language(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    save(factories.ProgramFactory(summary_zh_hans="", title_zh_hans=""), title_ko="새 제목")
    factories.ProgramFactory(summary_en="")

    assert cells(client, "programs.program") == {
        "ko": (4, 0, 0), "en": (4, 1, 1), "zh-Hans": (4, 0, 2),
    }  # fmt: skip


def test_each_number_is_that_of_the_list_that_it_leads_to(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    save(factories.ProgramFactory(), title_ko="새 제목", summary_ko="새 요약")
    factories.ProgramFactory(summary_en="", title_en="")
    factories.MilestoneFactory(title_ko="단계", title_en="")
    whole = client.get(MATRIX).context

    for _label, line in whole["lines"]:
        for shown in line:
            assert not shown.cell.outdated or (
                client.get(shown.outdated_url).context["count"] == shown.cell.outdated
            )
            assert not shown.cell.missing or (
                client.get(shown.missing_url).context["count"] == shown.cell.missing
            )
    current = client.get(MATRIX, {"kind": "programs.program", "language": "en", "state": "current"})
    english = cells(client, "programs.program")["en"]
    assert current.context["count"] == english[0] - english[1] - english[2]


def test_filters_choose_by_stage_department_and_words(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    department = factories.DepartmentFactory()
    draft = factories.ProgramFactory(status="draft", title_ko="항만 연수", department=department)
    milestone = factories.MilestoneFactory(program=draft, title_ko="단계", title_en="Stage")
    for row in (draft, factories.ProgramFactory(), milestone):
        save(row, title_ko=f"{row.title_ko} 새로")

    found = {
        name: sorted(
            text.shown.spot.key for text in texts(client, state="outdated", language="en", **how)
        )
        for name, how in {
            "stage": {"stage": "draft"},
            "department": {"department": str(department.pk)},
            "words": {"q": "항만"},
        }.items()
    }

    assert found["stage"] == found["department"] == sorted([draft.pk, milestone.pk])
    assert found["words"] == [draft.pk]


@pytest.mark.parametrize(
    "query",
    ["kind=x&language=fr&state=new&stage=?&department=x", "p=x", "p=99999999999999999999",
     "department=99999999999999999999", "state=missing", "q=%25_'", "state=current&kind=x"],
)  # fmt: skip
def test_nonsense_in_the_address_is_no_error(client: Client, query: str):
    factories.ProgramFactory()
    sign_in_staff(client, factories.StaffFactory())

    assert client.get(f"{MATRIX}?{query}").status_code == 200


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_records_are_called_as_their_readers_call_them(client: Client, prefix: str):
    sign_in_staff(client, factories.StaffFactory())
    save(factories.ProgramFactory(title_ko="옛", title_en="", title_zh_hans=""), summary_ko="새")
    save(factories.ProgramFactory(title_ko="", title_en="", title_zh_hans="港口"), summary_ko="새")

    shown = client.get(f"{prefix}{MATRIX}", {"state": "outdated", "language": "en"})

    assert {text.record for text in shown.context["texts"]} == {"옛", "港口"}
    assert client.get(f"{prefix}{MATRIX}").status_code == 200


def test_a_list_leads_to_the_page_where_somebody_may_write(client: Client):
    factories.OfficeFactory()
    program = factories.ProgramFactory()
    member(client, "translator_en")
    save(program, title_ko="새 제목")

    urls = {text.html_lang: text.url for text in texts(client, state="outdated")}

    assert urls["en"] == reverse("admin:programs_program_translate", args=[program.pk, "en"])
    assert urls["zh-Hans"] == reverse("admin:programs_program_change", args=[program.pk])


def test_nobody_reads_of_what_they_may_not_see(client: Client):
    factories.OfficeFactory()
    save(factories.NetworkMeetingFactory(), title_ko="비밀 회의")
    save(factories.ProgramFactory(), title_ko="사업")
    member(client, "volunteer_coordinator")

    shown = client.get(MATRIX, {"state": "outdated"}).content.decode()

    assert "사업" in shown
    assert "비밀 회의" not in shown


def test_texts_of_persons_stand_on_their_own_pages_alone(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    save(factories.StoryFactory(title_ko="옛 제목", title_en="Old"), title_ko="아무개의 이야기")

    how = {"state": "outdated", "language": "en"}
    shown = client.get(MATRIX, how)
    file = lines_of(client.get(MATRIX, {**how, "format": "csv"}))

    assert len(shown.context["texts"]) == 1
    assert "아무개" not in shown.content.decode()
    assert "아무개" not in "".join(file)


def test_files_have_the_numbers_and_the_texts_and_no_formulas(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    save(factories.ProgramFactory(), title_ko="=1+1")

    numbers = lines_of(client.get(MATRIX, {"format": "csv", "kind": "programs.program"}))
    rows = lines_of(client.get(MATRIX, {"format": "csv", "state": "outdated", "language": "en"}))

    assert len(numbers) == 4
    assert numbers[2].split(",")[2:] == ["2", "1", "0", "1"]
    assert len(rows) == 2
    assert "'=1+1" in rows[1]


@pytest.mark.thorough
@pytest.mark.parametrize("query", ["", "?state=outdated", "?kind=programs.program&state=missing"])
def test_the_page_asks_as_much_of_many_as_of_few(client: Client, query: str):
    sign_in_staff(client, factories.StaffFactory())
    for count in (1, 20):
        for program in factories.ProgramFactory.create_batch(count, summary_en=""):
            save(program, title_ko="새 제목")
        save(factories.FaqFactory(), question_ko="새 질문")
        client.get(MATRIX + query)
        with CaptureQueriesContext(connection) as queries:
            client.get(MATRIX + query)
        # Nine of them are the frame's: who it is, what they may, and the menu.
        assert len([each for each in queries if 'cache"' not in each["sql"]]) <= 14


# --- first page and readers --------------------------------------------------------------------


@pytest.mark.parametrize(("roles", "count"), [(("translator_en",), 1), (("editor",), 2)])
def test_the_first_page_leads_to_exactly_the_list(
    client: Client, roles: tuple[str, ...], count: int
):
    factories.OfficeFactory()
    save(factories.ProgramFactory(), title_ko="새 제목")
    member(client, *roles)

    shown = client.get("/admin/").content.decode()

    address = f"{MATRIX}?state=outdated" + (
        "&amp;language=en" if roles == ("translator_en",) else ""
    )
    assert f'href="{address}"' in shown
    assert client.get(address.replace("&amp;", "&")).context["count"] == count


def test_readers_are_told_when_a_text_is_out_of_date(
    client: Client, django_capture_on_commit_callbacks: Any
):
    factories.OfficeFactory()
    program = factories.ProgramFactory()
    notice = "may be out of date"
    page = f"/en{program.get_absolute_url()}"
    assert notice not in client.get(page).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        save(program, title_ko="새 제목")
    shown = client.get(page).content.decode()
    korean = client.get(program.get_absolute_url()).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        save(program, title_en="New title")

    assert notice in shown
    assert f'<a href="{program.get_absolute_url()}" hreflang="ko">' in shown
    assert "note-info" not in korean
    assert notice not in client.get(page).content.decode()


@pytest.mark.thorough
def test_the_notice_costs_one_question(
    client: Client, uncached_queries: Callable[[Client, str], int]
):
    factories.OfficeFactory()
    program = factories.ProgramFactory()
    page = f"/en{program.get_absolute_url()}"

    before = uncached_queries(client, page)
    save(program, title_ko="새 제목")

    assert uncached_queries(client, page) == before <= 20


# --- Mondays -----------------------------------------------------------------------------------


def test_whoever_keeps_a_language_is_told_once_a_week(client: Client):
    factories.OfficeFactory()
    save(factories.ProgramFactory(summary_en=""), title_ko="새 제목")
    user = member(client, "translator_en", preferred_language="ko")
    member(client, "editor")

    assert (tell(), tell()) == (1, 0)

    letter = Message.objects.get(kind="translations_due")
    assert (letter.user, letter.language) == (user, "ko")
    assert (letter.context["outdated"], letter.context["missing"]) == ("1", "1")
    assert "kind=programs.program&language=en&state=outdated" in letter.context["list"]
    assert letter.path.endswith("?language=en")


def test_nobody_is_told_of_nothing(client: Client):
    factories.OfficeFactory()
    TranslationState.objects.all().delete()
    user = member(client, "translator_ko")

    assert user.is_staff
    assert tell() == 0


@pytest.mark.parametrize("key", ["abc", "-1", "9" * 40, "0"])
@pytest.mark.parametrize("page", ["change", "history"])
def test_a_text_that_is_none_is_not_found(client: Client, key: str, page: str):
    member(client, "editor")

    assert client.get(f"{MATRIX}{key}/{page}/").status_code == 404
