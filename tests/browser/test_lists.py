"""Acts on many records, their progress, and exports, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from news.models import Article
from oda_portal.accounts.models import User
from oda_portal.jobs import actions
from oda_portal.jobs.models import Job
from oda_portal.pages.models import Inquiry
from oda_portal.privacy.models import AccessRecord
from oda_portal.publishing.models import Status
from tests import factories
from tests.axe import violations
from tests.jobs.kinds import KIND, a_kind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[[User], None]
LIST = "/en/admin/news/article/"


def drafts(count: int) -> None:
    rows = [
        Article(slug=f"a-{number}", title_ko=f"소식 {number}", body_ko="<p>글</p>")
        for number in range(count)
    ]
    Article.objects.bulk_create(rows)


def a_part_of(job: Job) -> Job:
    """As a worker does it, with its turn over after one part."""
    actions.work_off(Job.objects.get(pk=job.pk), seconds=0)
    return Job.objects.get(pk=job.pk)


def choose_all(page: Page, act: str) -> None:
    """By keyboard alone."""
    page.goto(LIST)
    page.focus("#action-toggle")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Select all 60").focus()
    page.keyboard.press("Enter")
    page.locator("select[name=action]").select_option(label=act)
    page.locator(".actions button[type=submit]").focus()
    page.keyboard.press("Enter")


@pytest.mark.thorough
def test_sixty_are_changed_with_progress_and_the_work_is_stopped(
    page: Page, sign_in: SignIn, complaints: list[str]
):
    factories.OfficeFactory()
    department = factories.DepartmentFactory()
    drafts(60)
    sign_in(factories.StaffFactory())
    choose_all(page, "Change selected")
    expect(page.get_by_text("60 records are selected")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Department").select_option(str(department.pk))
    page.get_by_role("button", name="Change").click()

    expect(page.get_by_text("0 of 60 done")).to_be_visible()
    job = a_part_of(Job.objects.get())
    # Without anybody doing anything, and said to whoever does not see the bar.
    expect(page.get_by_label("10 of 60 done")).to_be_visible()
    expect(page.locator("[data-said]")).to_have_text("10 of 60 done")
    assert violations(page) == []
    page.get_by_role("button", name="Stop here").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Cancelled. What was done until now stays.")).to_be_visible()
    expect(page.get_by_role("button", name="Stop here")).to_have_count(0)
    assert a_part_of(job).state == Job.State.CANCELLED
    assert Article.objects.filter(department=department).count() == 10
    assert complaints == []


@pytest.mark.thorough
def test_sixty_are_published_and_the_page_says_so_by_itself(
    page: Page, sign_in: SignIn, complaints: list[str]
):
    factories.OfficeFactory()
    drafts(60)
    sign_in(factories.StaffFactory())
    choose_all(page, "Publish selected")
    page.locator(".act-form [type=submit]").click()
    expect(page.get_by_text("0 of 60 done")).to_be_visible()

    actions.work_off(Job.objects.get())

    expect(page.locator(".badge.job-finished")).to_be_visible()
    expect(page.get_by_text("60 of 60 done")).to_be_visible()
    assert Article.objects.filter(status=Status.PUBLISHED).count() == 60
    assert complaints == []


@pytest.mark.thorough
def test_people_are_exported_with_a_reason_and_some_of_the_columns(
    page: Page, sign_in: SignIn, complaints: list[str], tmp_path: Path
):
    factories.InquiryFactory.create_batch(3)
    sign_in(factories.StaffFactory())
    page.goto(f"/en{reverse('admin:pages_inquiry_changelist').removeprefix('/ko')}")
    page.get_by_role("link", name="Export this list").click()
    expect(page.get_by_text("3 records will be in the file.")).to_be_visible()
    page.get_by_label("All columns").uncheck()
    page.locator("[name=columns]").first.check()
    page.get_by_role("button", name="Export").click()
    expect(page.locator(".errorlist")).to_be_visible()
    assert violations(page) == []
    assert page.locator("[name=columns]:checked").count() == 1

    page.locator("[name=reason]").fill("Audit of the year")
    with page.expect_download() as sent:
        page.get_by_role("button", name="Export").click()

    file = tmp_path / "list.xlsx"
    sent.value.save_as(file)
    rows = list(load_workbook(file).active.values)
    assert [len(row) for row in rows] == [1] * 5
    record = AccessRecord.objects.get(act="export")
    assert record.reason == "Audit of the year"
    assert record.subjects.count() == Inquiry.objects.count()
    assert complaints == []


def with_report(job: Job) -> Iterator[None]:
    job.note(1, "게시했습니다")
    job.note(2, "제목이 없습니다", failed=True)
    job.keep_result(ContentFile("가,나".encode()), "목록.csv")
    job.done = 4
    yield


def refused(job: Job) -> Iterator[None]:
    yield
    raise RuntimeError


def jobs_in_every_state(staff: User) -> list[Job]:
    def a_job(total: int | None) -> Job:
        return actions.start(KIND, by=staff, total=total, arguments={}, title="글 60건 게시")

    with a_kind():
        waiting, running, cancelled = (a_job(60) for _one in range(3))
        Job.objects.filter(pk=running.pk).update(token="x", done=20)
        cancelled.cancel(by=staff)
    with a_kind(with_report):
        actions.work_off(finished := a_job(4))
    with a_kind(refused):
        actions.work_off(failed := a_job(None))
    return [waiting, running, cancelled, finished, failed]


@pytest.mark.thorough
@pytest.mark.parametrize("width", [1280, 390])
def test_lists_exports_and_jobs_hold_for_everybody(
    page: Page, sign_in: SignIn, complaints: list[str], width: int
):
    staff = factories.StaffFactory()
    factories.ArticleFactory()
    factories.ProgramFactory()
    jobs = jobs_in_every_state(staff)
    sign_in(staff)
    page.set_viewport_size({"width": width, "height": 900})
    names = (
        "jobs_job_changelist", "news_article_changelist", "programs_program_changelist",
        "pages_satisfactionanswer_changelist", "mail_mailtemplate_changelist",
        "news_article_export", "news_article_add",
    )  # fmt: skip
    for address in [*(reverse(f"admin:{name}") for name in names), *map(Job.get_admin_url, jobs)]:
        page.goto(address)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, address
        assert violations(page) == [], address
    assert complaints == []


@pytest.mark.thorough
def test_without_a_script_the_page_is_asked_again_by_a_link(
    chromium, live_server, page: Page, sign_in: SignIn
):
    factories.OfficeFactory()
    department = factories.DepartmentFactory()
    drafts(60)
    sign_in(factories.StaffFactory())
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(f"{LIST}?all=")
    for box in plain.locator("[name=_selected_action]").all():
        box.check()
    plain.locator("select[name=action]").select_option("change_selected")
    plain.locator(".actions button[type=submit]").click()
    plain.get_by_label("Department").select_option(str(department.pk))
    plain.get_by_role("button", name="Change").click()

    job = a_part_of(Job.objects.get())
    plain.get_by_role("link", name="See how far it is now").click()

    expect(plain.get_by_text(f"10 of {job.total} done")).to_be_visible()
    plain.get_by_role("button", name="Stop here").click()
    expect(plain.get_by_text("Cancelled. What was done until now stays.")).to_be_visible()
    context.close()
