"""Lists as files: of every model, for who may, with named columns, and no cell that acts."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection, models
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from oda_portal.accounts.areas import limit
from oda_portal.accounts.models import User
from oda_portal.care.models import Finding
from oda_portal.jobs import tasks
from oda_portal.jobs.models import Job
from oda_portal.pages.models import Inquiry
from oda_portal.privacy.models import AccessRecord, AccessSubject
from oda_portal.spreadsheets import exports
from oda_portal.spreadsheets.admin import ExportMixin
from oda_portal.spreadsheets.columns import columns_of
from tests import factories
from tests.accounts.test_roles import member
from tests.admin.test_every_record import RECORDS
from tests.doors import sign_in_staff
from volunteers.models import InterviewSlot

pytestmark = pytest.mark.django_db


def address(model: type[models.Model], page: str = "export") -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def as_staff(client: Client, user: User | None = None) -> User:
    user = user or factories.StaffFactory()
    sign_in_staff(client, user)
    return user


def xlsx(response: Any) -> list[tuple[Any, ...]]:
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return list(book.active.values)


def lines(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def export(client: Client, model: type[models.Model], query: str = "", **form: Any) -> Any:
    return client.post(f"{address(model)}{query}", {"sure": "yes", "format": "xlsx", **form})


@pytest.mark.parametrize("model", list(RECORDS), ids=lambda model: model._meta.label_lower)
def test_every_list_can_be_exported_or_says_that_it_cannot(client: Client, model: Any):
    if not isinstance(admin.site.get_model_admin(model), ExportMixin):
        return  # what no list of records shows
    RECORDS[model][0]()
    request = HttpRequest()
    request.user = as_staff(client)
    columns = columns_of(admin.site.get_model_admin(model), request)

    response = export(client, model, reason="점검")

    if not columns:
        assert response.status_code == 403
        return
    if response.status_code == 302:
        assert model is InterviewSlot  # whose list is the calendar of a call
        return
    heads, keys, *rows = xlsx(response)
    assert list(heads) == [column.label for column in columns]
    assert list(keys) == [column.key for column in columns]
    assert len(set(keys)) == len(keys)
    assert rows


@pytest.mark.parametrize("model", list(RECORDS), ids=lambda model: model._meta.label_lower)
def test_every_list_that_can_be_exported_leads_there(client: Client, model: Any):
    known = admin.site.get_model_admin(model)
    RECORDS[model][0]()
    request = HttpRequest()
    request.user = as_staff(client)
    if not isinstance(known, ExportMixin) or not known.can_export(request):
        return

    page = client.get(address(model, "changelist"), follow=True)

    if model is Finding:
        return  # its own page leads to a file of its own
    is_form = page.redirect_chain and page.redirect_chain[-1][0].endswith("/change/")
    # Where there is but one record, its form stands for the list.
    assert is_form or f'href="{address(model)}' in page.content.decode()


def test_nobody_s_secrets_are_among_the_columns(client: Client):
    request = HttpRequest()
    request.user = as_staff(client)
    for model in RECORDS:
        keys = {column.key for column in columns_of(admin.site.get_model_admin(model), request)}
        assert not keys & {"password", "sealed_context", "token", "created_by", "by"}


@pytest.mark.parametrize(
    ("language", "head"), [("ko", "제목(한국어)"), ("en", "Title"), ("zh-hans", "标题")]
)
def test_heads_are_in_the_editor_s_language_and_all_languages_of_a_text_are_columns(
    client: Client, language: str, head: str
):
    as_staff(client)
    factories.ArticleFactory(title_ko="소식", title_en="News", title_zh_hans="消息")
    with translation.override(language):
        heads, keys, row = xlsx(export(client, factories.ArticleFactory._meta.model))

    found = dict(zip(keys, row, strict=True))
    assert (found["title_ko"], found["title_en"], found["title_zh_hans"]) == (
        "소식",
        "News",
        "消息",
    )
    assert heads[1].startswith(head)


def test_csv_has_one_row_of_heads_and_the_chosen_columns_alone(client: Client):
    as_staff(client)
    article = factories.ArticleFactory(title_ko="소식, “따옴표”")

    rows = lines(export(client, type(article), format="csv", columns=["title_ko", "slug"]))

    assert [len(row) for row in rows] == [2, 2]
    assert rows[1] == ["소식, “따옴표”", article.slug]


def test_a_column_that_is_none_is_refused_and_the_form_comes_again(client: Client):
    as_staff(client)
    article = factories.ArticleFactory()

    response = export(client, type(article), columns=["password"])

    assert response.status_code == 200
    assert "errorlist" in response.content.decode()


FORMULA = ["=1+1", "+82", "-1", "@x", "\tx", "＝1", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("text", FORMULA)
@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_no_cell_is_a_formula(client: Client, text: str, format: str):
    as_staff(client)
    article = factories.ArticleFactory(title_ko=text)
    response = export(client, type(article), format=format, columns=["title_ko"])

    if format == "csv":
        assert lines(response)[1] == [f"'{text}"]
        return
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    cell = book.active["A3"]
    assert (cell.data_type, cell.value, bool(cell.quotePrefix)) == ("s", text, True)


def test_signs_that_no_spreadsheet_can_hold_are_left_out(client: Client):
    as_staff(client)
    article = factories.ArticleFactory(title_ko="가\x0b나\x1f다")

    *_heads, row = xlsx(export(client, type(article), columns=["title_ko"]))

    assert row == ("가나다",)


def test_the_filters_of_the_list_decide_and_the_list_leads_there(client: Client):
    as_staff(client)
    article = factories.ArticleFactory(title_ko="하나")
    factories.ArticleFactory(title_ko="둘")
    page = client.get(f"{address(type(article), 'changelist')}?q=하나").content.decode()
    assert f"{address(type(article))}?q=" in page

    rows = lines(export(client, type(article), "?q=하나", format="csv", columns=["title_ko"]))

    assert rows[1:] == [["하나"]]


@pytest.mark.parametrize(
    "query", ["?status__exact=nonsense", "?pk__gt=a", "?o=99&p=-1", "?q=" + "x" * 500]
)
def test_absurd_filters_are_no_error(client: Client, query: str):
    as_staff(client)
    article = factories.ArticleFactory()

    assert client.get(f"{address(type(article))}{query}").status_code in (200, 302)
    assert export(client, type(article), query).status_code in (200, 302)


def test_what_is_selected_is_exported_and_nothing_else(client: Client):
    as_staff(client)
    one, two, _three = (factories.ArticleFactory(title_ko=text) for text in ("하나", "둘", "셋"))
    action = {"action": "export_selected", "_selected_action": [one.pk, two.pk]}
    asked = client.post(address(type(one), "changelist"), action)
    assert f'name="_selected_action" value="{one.pk}"' in asked.content.decode()

    response = client.post(
        address(type(one), "changelist"),
        {**action, "sure": "yes", "format": "csv", "columns": ["title_ko"]},
    )

    assert sorted(lines(response)[1:]) == [["둘"], ["하나"]]


def test_who_may_not_see_the_list_gets_no_file(client: Client):
    article = factories.ArticleFactory()
    as_staff(client, member("privacy_officer"))

    assert client.get(address(type(article))).status_code == 403
    assert export(client, type(article)).status_code == 403


def test_people_are_exported_for_a_reason_and_each_is_recorded(client: Client):
    as_staff(client)
    asked = factories.InquiryFactory.create_batch(2)
    other = factories.InquiryFactory()
    Inquiry.objects.filter(pk=other.pk).update(topic="other")
    action = {"action": "export_selected", "_selected_action": [row.pk for row in asked]}
    page = address(Inquiry, "changelist")

    assert not client.post(page, {**action, "sure": "yes"}).streaming
    assert not AccessRecord.objects.filter(act="export").exists()
    rows = lines(client.post(page, {**action, "sure": "yes", "reason": "감사"}))

    record = AccessRecord.objects.get(act="export")
    assert record.reason == "감사"
    found = AccessSubject.objects.filter(record=record).values_list("object_id", flat=True)
    assert set(found) == {row.pk for row in asked}
    assert len(rows) == 3


@pytest.mark.thorough
def test_as_many_questions_for_many_rows_as_for_one(client: Client):
    as_staff(client)
    counts = []
    factories.ProgramFactory()
    export(client, factories.ProgramFactory._meta.model)  # what is kept for a minute
    for _many in range(2):
        for _one in range(len(counts) * 20 + 1):
            factories.ProgramFactory()
        with CaptureQueriesContext(connection) as queries:
            rows = xlsx(export(client, factories.ProgramFactory._meta.model))
        counts.append(len(queries))
    assert len(rows) > 20
    assert counts[0] == counts[1]


# --- large ones --------------------------------------------------------------------------------


@pytest.fixture
def _soon_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 2)


@pytest.mark.usefixtures("_soon_large")
@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_a_large_list_becomes_a_job_with_a_file_in_the_language_of_who_asked(
    client: Client, format: str
):
    as_staff(client, member("editor"))
    titles = [f"소식 {number}" for number in range(4)]
    for title in titles:
        article = factories.ArticleFactory(title_ko=title)
    asked = export(client, type(article), "?o=1", format=format, columns=["id", "title_ko"])
    job = Job.objects.get()
    assert asked.url == job.get_admin_url()
    assert not job.result

    tasks.work(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.FINISHED, 4, 4)
    file = client.get(reverse("admin:jobs_job_result", args=[job.uuid]))
    rows = xlsx(file)[2:] if format == "xlsx" else lines(file)[1:]
    assert [row[1] for row in rows] == titles
    assert file.headers["Content-Disposition"].endswith(f".{format}")


@pytest.mark.usefixtures("_soon_large")
def test_a_form_that_is_sent_twice_makes_one_job(client: Client):
    as_staff(client)
    for _one in range(3):
        article = factories.ArticleFactory()

    first, second = (export(client, type(article), once="abc") for _time in range(2))

    assert first.url == second.url
    assert Job.objects.count() == 1


@pytest.mark.usefixtures("_soon_large")
def test_who_lost_the_right_meanwhile_gets_a_sentence_and_no_file(client: Client):
    staff = as_staff(client, member("editor"))
    for _one in range(3):
        article = factories.ArticleFactory()
    export(client, type(article))
    staff.groups.clear()

    tasks.work(Job.objects.get().pk)

    job = Job.objects.get()
    assert job.state == Job.State.FAILED
    assert not job.result
    assert job.error


@pytest.mark.usefixtures("_soon_large")
@pytest.mark.parametrize("lost", ["role", "kinds"])
def test_a_file_that_waits_is_not_for_who_lost_the_right_since(client: Client, lost: str):
    staff = as_staff(client, member("editor", "translator_ko"))
    for _one in range(3):
        program = factories.ProgramFactory(kind="forum")
    export(client, type(program))
    job = Job.objects.get()
    tasks.work(job.pk)
    file = reverse("admin:jobs_job_result", args=[job.uuid])
    assert client.get(file).status_code == 200

    if lost == "role":
        staff.groups.set(Group.objects.filter(name="reviewer"))
    else:
        limit(staff, ["training"], by=factories.StaffFactory())
    page = client.get(job.get_admin_url())

    assert client.get(file).status_code == 404
    assert file not in page.content.decode()


@pytest.mark.usefixtures("_soon_large")
def test_killed_in_the_middle_it_is_begun_anew_and_whole(client: Client):
    as_staff(client)
    for _one in range(3):
        article = factories.ArticleFactory()
    export(client, type(article), format="csv")
    Job.objects.update(token="dead", done=3, worked_at=timezone.now() - timedelta(minutes=3))

    tasks.work(Job.objects.get().pk)

    job = Job.objects.get()
    assert (job.state, job.done) == (Job.State.FINISHED, 3)
    assert len(job.result.read().decode().splitlines()) == 4


def test_more_than_anybody_can_use_is_not_exported(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "MOST", 2)
    as_staff(client)
    for _one in range(3):
        article = factories.ArticleFactory()

    response = export(client, type(article))

    assert "errornote" in response.content.decode()
    assert not Job.objects.exists()
