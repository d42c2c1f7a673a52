"""A new editor's day in a real browser, in Korean, by the words that stand on the pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, FrameLocator, Page, expect

from oda_portal.jobs.actions import work_off
from oda_portal.jobs.models import Job
from oda_portal.mail.models import Message
from oda_portal.publishing.models import Status
from oda_portal.reviews import decisions
from programs.models import Program
from tests import factories
from tests.accounts.people import PASSWORD, give_password
from tests.browser.desks import EMPTY, Comes, Desk, ko, member
from tests.doors import code_of, sign_in_staff
from tests.library.samples import held_picture
from tests.volunteers import rounds
from volunteers.models import Call

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def complaints() -> list[str]:
    """What the browsers of all have to say: errors of scripts, refusals of the content policy."""
    return []


@pytest.fixture
def comes(chromium: Browser, live_server, complaints: list[str]) -> Iterator[Comes]:  # type: ignore[no-untyped-def]
    """Somebody sits down: signed in with a role, or a reader without."""
    contexts = []

    def hear(page: Page) -> None:
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))

    def with_role(role: str = "", name: str = "이새봄") -> Desk:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": 1280, "height": 900}
        )
        contexts.append(context)
        context.on("page", hear)
        if role:
            client = Client()
            sign_in_staff(client, member(role, name))
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            named = {"name": settings.SESSION_COOKIE_NAME, "value": cookie}
            context.add_cookies([{**named, "url": live_server.url}])
        return Desk(context.new_page())

    factories.OfficeFactory()
    yield with_role
    for context in contexts:
        context.close()


def form_of(program: Program) -> str:
    return f"/admin/programs/program/{program.pk}/change/"


# --- coming in --------------------------------------------------------------------------------


@pytest.mark.thorough
def test_comes_in_with_a_second_step_and_finds_the_first_page(comes: Comes, complaints: list[str]):
    user = give_password(member("editor", "이새봄"))
    code_of(user)  # the app is set up
    factories.InquiryFactory()
    editor = comes()
    editor.go("/admin/")
    editor.write(ko("Email"), user.email)
    editor.write(ko("Password"), PASSWORD)
    editor.press(ko("Sign in"), inside=editor.main)
    editor.looks(at=ko("Second step"))

    editor.write("인증 번호", code_of(user))
    editor.press(ko("Continue"))

    editor.reads("이새봄", ko("What is planned"))
    editor.looks()
    assert complaints == []


# --- writing ----------------------------------------------------------------------------------


def begin_programme(editor: Desk) -> None:
    editor.go("/admin/")
    row = editor.page.get_by_role("row", name="연수사업")
    editor.follow(ko("Add"), inside=row)
    editor.write("제목(한국어)", "항만 물류 연수")
    editor.write("요약(한국어)", "항만 공무원이 부산에서 배운다.")
    editor.page.get_by_role("textbox", name="본문(한국어)").click()
    editor.page.keyboard.type("세 주 동안 부두에서 배운다.")
    editor.page.get_by_label("추진 방식").select_option(label="자체 예산 사업")


def choose_photo(editor: Desk) -> None:
    photos = editor.page.get_by_role("group", name="사진")
    photos.get_by_role("button", name="하나 더 추가: 사진").click()
    photos.get_by_role("link", name=ko("Choose a picture")).click()
    window = editor.page.get_by_role("dialog")
    window.get_by_role("button", name=ko("Choose", "act")).click()
    expect(window).not_to_be_visible()


@pytest.mark.thorough
def test_writes_a_programme_with_a_photo_and_shows_it_to_a_partner(
    comes: Comes, complaints: list[str]
):
    editor, partner = comes("editor"), comes()
    held_picture(alt_ko="크레인이 늘어선 부두")
    begin_programme(editor)
    choose_photo(editor)

    with editor.opening(ko("Preview (new tab)")) as beside:
        address = look_in_every_language(beside)
    partner.go(address)
    expect(partner.page.get_by_role("heading", level=1)).to_have_text("항만 물류 연수")
    partner.looks()
    assert not Program.objects.exists()

    editor.press(ko("Save"))
    expect(editor.page.get_by_role("link", name="항만 물류 연수").first).to_be_visible()
    program = Program.objects.get()
    assert (program.status, program.photos.get().alt_ko) == (Status.DRAFT, "크레인이 늘어선 부두")
    editor.go(form_of(program))
    editor.looks(at="항만 물류 연수")
    assert partner.page.goto(program.get_absolute_url()).status == 404
    assert [said for said in complaints if "404" not in said] == []


def look_in_every_language(beside: Desk) -> str:
    """The address for the partner, after a look at the page in its frame."""
    frame: FrameLocator = beside.page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("항만 물류 연수")
    expect(frame.get_by_role("img", name="크레인이 늘어선 부두").first).to_be_visible()
    languages = beside.page.get_by_role("navigation", name=ko("Language"), exact=True)
    for name, code in (("简体中文", "zh-Hans"), ("English", "en"), ("한국어", "ko")):
        beside.follow(name, inside=languages)
        expect(frame.locator("html")).to_have_attribute("lang", code)
    beside.follow(ko("Phone", "preview"), inside=beside.main)
    expect(frame.get_by_role("heading", level=1)).to_have_text("항만 물류 연수")
    beside.looks()
    beside.press(ko("Make a link"))
    return urlsplit(beside.page.get_by_label(ko("Address")).input_value()).path


# --- other languages --------------------------------------------------------------------------


@pytest.mark.thorough
def test_a_colleague_translates_and_readers_hear_of_later_changes(
    comes: Comes, complaints: list[str]
):
    editor, colleague = comes("editor"), comes("translator_en", "최영문")
    program = factories.ProgramFactory(title_ko="항만 물류 연수", summary_ko="배운다.", **EMPTY)
    colleague.go("/admin/translating/translationstate/")
    colleague.looks()
    translate(colleague, program, title="Port logistics course", summary="They learn.")
    reads_notice(comes(), program, False)

    change_title(editor, program, "항만 물류 초청 연수")
    reads_notice(comes(), program, True)
    editor.go(form_of(program))
    editor.reads(ko("Out of date", "translation"))
    colleague.go("/admin/")
    colleague.follow_first("원문이 바뀐")
    colleague.looks()
    colleague.follow_first("항만 물류 초청 연수")
    colleague.looks()
    translate(colleague, program, title="Port logistics course for guests")
    reads_notice(comes(), program, False)

    change_title(editor, program, "항만물류 초청 연수", is_minor=True)
    reads_notice(comes(), program, False)
    assert complaints == []


def translate(colleague: Desk, program: Program, **texts: str) -> None:
    """Beside the original."""
    colleague.go(form_of(program))
    colleague.follow("English", inside=colleague.main)
    for name, text in texts.items():
        colleague.write({"title": "번역: 제목", "summary": "번역: 요약"}[name], text)
    colleague.press(ko("Save"))
    program.refresh_from_db()
    assert program.title_en == texts["title"]


def change_title(editor: Desk, program: Program, title: str, *, is_minor: bool = False) -> None:
    editor.go(form_of(program))
    editor.write("제목(한국어)", title)
    if is_minor:
        editor.page.get_by_role("checkbox", name=ko("Minor edit")).check()
    editor.press(ko("Save"))
    program.refresh_from_db()
    assert program.title_ko == title


def reads_notice(reader: Desk, program: Program, is_there: bool) -> None:
    """Whether readers of the English page are told that the original has changed."""
    reader.go(f"/en{program.get_absolute_url()}")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(program.title_en)
    notice = reader.page.get_by_text("The original has changed since it was translated")
    expect(notice).to_have_count(int(is_there))


# --- publishing -------------------------------------------------------------------------------


def set_time(editor: Desk, at: datetime) -> None:
    """When it is to be published; what is meant by the day is said above it."""
    moment = timezone.localtime(at)
    publication = editor.page.get_by_role("group", name="게시", exact=True)
    editor.write("날짜", f"{moment:%Y-%m-%d}", inside=publication)
    editor.write("시각", f"{moment:%H:%M:%S}", inside=publication)


@pytest.mark.thorough
def test_publishes_for_tomorrow_after_seeing_what_that_does(comes: Comes, complaints: list[str]):
    editor, reader = comes("editor"), comes()
    program = factories.ProgramFactory(title_ko="항만 물류 연수", status=Status.DRAFT, **EMPTY)
    editor.go(form_of(program))
    set_time(editor, timezone.now() + timedelta(days=1))

    editor.press(ko("Save and publish"))

    editor.reads(program.get_absolute_url(), ko("Not written yet"), ko("Nobody gets an email."))
    editor.looks(at=ko("Publish", "act"))
    program.refresh_from_db()
    assert program.status == Status.DRAFT
    editor.press(ko("Publish", "act"))
    editor.reads(ko("Scheduled", "publish"))
    editor.go("/admin/planned/")
    editor.reads("항만 물류 연수")
    editor.looks()
    assert reader.page.goto(program.get_absolute_url()).status == 404

    editor.go(form_of(program))
    set_time(editor, timezone.now() - timedelta(minutes=1))
    editor.press(ko("Save"))
    editor.looks()
    assert reader.page.goto(program.get_absolute_url()).status == 404
    editor.press(ko("Change the times"))
    editor.reads(ko("Published", "publish"))
    reader.go(program.get_absolute_url())
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("항만 물류 연수")
    assert [said for said in complaints if "404" not in said] == []


# --- two at once, and earlier versions ----------------------------------------------------------


@pytest.mark.thorough
def test_loses_nothing_when_somebody_else_saves_meanwhile(comes: Comes, complaints: list[str]):
    editor, colleague = comes("editor"), comes("editor", "박동료")
    program = factories.ProgramFactory(title_ko="항만 연수", summary_ko="처음 요약", venue_ko="")
    editor.go(form_of(program))
    editor.write("제목(한국어)", "항만 물류 연수")
    editor.write("요약(한국어)", "내가 쓴 요약")
    colleague.go(form_of(program))
    colleague.write("요약(한국어)", "동료가 쓴 요약")
    colleague.write("개최 장소(한국어)", "부산국제교류재단")
    colleague.press(ko("Save"))

    editor.press(ko("Save"))

    editor.reads("박동료", ko("What somebody else saved meanwhile"), "동료가 쓴 요약")
    editor.looks()
    expect(editor.page.get_by_role("textbox", name="개최 장소(한국어)")).to_have_value(
        "부산국제교류재단"
    )
    editor.page.get_by_role("radio", name=ko("Theirs, as it is saved now")).check()
    editor.press(ko("Save"))
    program.refresh_from_db()
    assert (program.title_ko, program.summary_ko) == ("항만 물류 연수", "동료가 쓴 요약")
    assert program.venue_ko == "부산국제교류재단"
    assert complaints == []


@pytest.mark.thorough
def test_puts_back_an_earlier_version_and_what_was_deleted(comes: Comes, complaints: list[str]):
    editor = comes("editor")
    program = factories.ProgramFactory(title_ko="항만 연수", status=Status.DRAFT)
    factories.MilestoneFactory(program=program, title_ko="첫 단계")
    change_title(editor, program, "잘못 고친 제목")

    editor.go(form_of(program))
    editor.follow(ko("History"))
    editor.looks()
    editor.page.get_by_role("link", name=ko("Restore this version")).last.click()
    editor.reads("잘못 고친 제목", "항만 연수")
    editor.looks()
    editor.press(ko("Restore this version"))
    program.refresh_from_db()
    assert program.title_ko == "항만 연수"

    editor.go(form_of(program))
    editor.follow(ko("Delete"))
    editor.looks()
    editor.press(ko("Delete"))
    assert not Program.objects.exists()
    editor.follow(ko("Deleted records"), inside=editor.main)
    editor.looks(at=ko("Deleted records"))
    editor.follow("항만 연수", inside=editor.main)
    editor.reads("이새봄", "첫 단계")
    editor.looks()
    editor.press(ko("Bring it back"))
    found = Program.objects.get()
    assert (found.title_ko, found.milestones.get().title_ko) == ("항만 연수", "첫 단계")
    assert complaints == []


# --- spreadsheets -----------------------------------------------------------------------------

HEAD = ["제목(한국어)", "요약(한국어)", "종류", "추진 방식", "시작일"]
ROWS = 200


def spreadsheet(*, wrong: int = 0) -> dict[str, Any]:
    """As the colleagues of another office send it; one row may name a kind that there is not."""
    book, content = Workbook(), io.BytesIO()
    book.active.append(HEAD)
    for number in range(1, ROWS + 1):
        kind = "연수" if number == wrong else "연수사업"
        values = [f"연수 {number}기", "부산에서 배운다.", kind, "자체 예산 사업", "2025-03-05"]
        book.active.append(values)
    book.save(content)
    return {
        "name": "연수사업.xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": content.getvalue(),
    }


def work(editor: Desk) -> None:
    """What waits is done, as a worker does it, while the editor is elsewhere."""
    page = editor.page.url
    editor.go("/admin/")
    for job in Job.objects.filter(finished_at=None):
        while work_off(job):
            job.refresh_from_db()
    editor.go(page)


def send(editor: Desk, file: dict[str, Any]) -> None:
    """The file, which is checked while its page tells how far that is."""
    editor.page.locator("input[type=file]").set_input_files([file])
    editor.press(ko("Check the file"))
    editor.reads(ko("You can leave this page; the work goes on."))
    work(editor)
    expect(editor.page.get_by_role("heading", name=ko("What the rows do"))).to_be_visible()


@pytest.mark.thorough
def test_takes_in_two_hundred_rows_once_the_wrong_one_is_right(comes: Comes, complaints: list[str]):
    editor = comes("editor")
    editor.go("/admin/programs/program/")
    editor.follow(ko("Import from a spreadsheet"))
    editor.looks(at=ko("Import from a spreadsheet"))

    send(editor, spreadsheet(wrong=150))
    editor.reads(ko("Has rows to correct", "import"))
    editor.page.get_by_role("link", name=ko("To correct", "row")).click()
    editor.reads("C151", "연수사업")
    editor.looks()
    expect(editor.page.get_by_role("link", name=ko("Apply", "import"))).to_have_count(0)
    editor.follow(ko("Send another file"))

    send(editor, spreadsheet())
    assert not Program.objects.exists()
    editor.page.get_by_role("link", name=ko("Apply", "import")).click()
    editor.reads(str(ROWS))
    editor.looks(at=ko("Apply", "import"))
    editor.press(ko("Apply", "import"))
    editor.looks()
    work(editor)
    editor.reads(ko("Applied", "import"))
    assert Program.objects.filter(status=Status.DRAFT).count() == ROWS
    assert exported(editor) == ROWS
    assert complaints == []


def exported(editor: Desk) -> int:
    """How many records are in the file of the list."""
    editor.go("/admin/programs/program/")
    editor.follow(ko("Export this list"))
    editor.looks(at=ko("Export"))
    with editor.page.expect_download() as download:
        editor.page.get_by_role("button", name=ko("Export"), exact=True).click()
    rows = load_workbook(
        io.BytesIO(download.value.path().read_bytes()), read_only=True
    ).active.values
    return sum(str(value).startswith("연수 ") for row in rows for value in row)


# --- results ----------------------------------------------------------------------------------


@pytest.mark.thorough
def test_a_coordinator_sees_who_is_told_what_before_results_go_out(
    comes: Comes, complaints: list[str]
):
    coordinator = comes("volunteer_coordinator", "김봉사")
    opening = rounds.opening_in_review(5)
    chosen, refused = rounds.applicant(opening), rounds.applicant(opening)
    rounds.decide(chosen, "select")
    rounds.decide(refused, "not_select")
    coordinator.go("/admin/volunteers/call/")
    coordinator.follow(opening.call.title_ko)
    now = timezone.localtime()
    dates = coordinator.page.locator(".field-released_at")
    coordinator.write("날짜", f"{now:%Y-%m-%d}", inside=dates)
    coordinator.write("시각", f"{now:%H:%M:%S}", inside=dates)
    Call.objects.update(closes_at=now - timedelta(days=1))

    coordinator.press(ko("Save"))

    assert rounds.states(chosen, refused) == ["screening", "screening"]
    for letter in coordinator.page.get_by_text(ko("Read the email")).all():
        letter.click()
    expect(coordinator.page.get_by_role("article")).to_have_count(2)
    coordinator.looks(at=ko("Change its times"))
    coordinator.reads(ko("On the site: everybody can see it."))
    coordinator.press(ko("Change the times"))
    decisions.release_due()
    assert set(rounds.states(chosen, refused)) == {"selected", "not_selected"}
    assert Message.objects.filter(about_id__in=[chosen.pk, refused.pk]).count() == 2
    assert complaints == []
