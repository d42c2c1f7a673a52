"""A member of staff at work in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from oda_portal.publishing.models import Status
from programs.models import Photo, Program
from tests import factories
from tests.admin.pictures import a_picture
from tests.axe import RULES as PUBLIC_RULES
from tests.axe import violations
from tests.browser.desks import STANDS_STILL, member
from tests.html_checker import WRONG, errors
from tests.publishing.test_rich import EVERYTHING, sorted_attributes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[object], None]
# Django's own lists have links closer together than the portal's pages may.
RULES = [rules for rules in PUBLIC_RULES if rules != "wcag22aa"]


def test_staff_add_a_programme_with_a_photo_and_see_it_on_the_site(
    page: Page, sign_in: SignIn, complaints: list[str], tmp_path: Path
):
    picture = tmp_path / "harbour.jpg"
    picture.write_bytes(a_picture(size=(1600, 1200)).read())
    sign_in(factories.StaffFactory())
    page.goto("/admin/")

    page.click("#programs-program-kind__exacttraining ~ td .addlink")
    page.fill("[name=title_ko]", "항만 물류 연수")
    page.fill("[name=summary_ko]", "항만 공무원이 배운다.")
    page.select_option("[name=arrangement]", "own")
    page.click("#photos-group .add-row a")
    page.set_input_files("[name=photos-0-image]", picture)
    for code, title, caption, alt in [
        ("ko", "항만 물류 연수", "부산항", "크레인이 늘어선 부두"),
        ("en", "Port logistics course", "Port of Busan", "A quay lined with cranes"),
        ("zh_hans", "港口物流研修班", "釜山港", "排列着起重机的码头"),
    ]:
        page.click(f"[data-tab={code.replace('_', '-')}]")
        page.fill(f"[name=title_{code}]", title)
        page.fill(f"[name=photos-0-caption_{code}]", caption)
        page.fill(f"[name=photos-0-alt_{code}]", alt)
    page.click("[name=_publish]")
    expect(page.locator("#content")).to_contain_text("/en/programs/port-logistics-course/")
    page.click(".submit-row [type=submit]")

    page.click(".messagelist .success a[href*='/programs/port-logistics-course/']")
    expect(page.locator("h1")).to_contain_text("항만 물류 연수")
    image = page.locator("img[alt='크레인이 늘어선 부두']").first
    image.scroll_into_view_if_needed()
    page.wait_for_function(
        "image => image.complete && image.naturalWidth > 0", arg=image.element_handle()
    )
    assert Program.objects.get().kind == "training"
    assert complaints == []


def test_what_the_editor_cannot_do_now_is_told_to_those_who_do_not_see_it(
    page: Page, sign_in: SignIn
):
    sign_in(factories.StaffFactory())
    page.goto(reverse("admin:news_article_add"))
    undo = page.locator(".field-body_ko [data-name='history:undo']")
    page.locator(".field-body_ko .tiptap").focus()
    page.keyboard.press("Control+a")
    expect(undo).to_have_attribute("aria-disabled", "true")
    assert violations(page, RULES) == []

    page.keyboard.type("글")
    expect(undo).to_have_attribute("aria-disabled", "false")


@pytest.mark.thorough
def test_language_tabs_work_by_keyboard(page: Page, sign_in: SignIn):
    sign_in(factories.StaffFactory())
    program = factories.ProgramFactory(title_en="", summary_en="", status=Status.DRAFT)
    page.goto(reverse("admin:programs_program_change", args=[program.pk]))
    tabs = page.get_by_role("tab")
    expect(tabs.nth(0)).to_have_attribute("aria-selected", "true")
    expect(page.locator("[name=title_ko]")).to_be_visible()
    expect(page.locator("[name=title_en]")).to_be_hidden()

    tabs.nth(0).focus()
    page.keyboard.press("ArrowRight")
    expect(tabs.nth(1)).to_be_focused()
    expect(page.locator("[name=title_en]")).to_be_visible()
    expect(page.locator("[name=title_ko]")).to_be_hidden()
    expect(page.get_by_role("tabpanel")).to_have_attribute("aria-labelledby", "tab-en")
    page.keyboard.press("End")
    expect(page.locator("[name=title_zh_hans]")).to_be_visible()
    expect(page.locator("[name=title_ko]")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(tabs.nth(0)).to_be_focused()

    expect(tabs.nth(1)).to_have_class("is-empty")
    page.keyboard.press("ArrowRight")
    page.fill("[name=title_en]", "Now in English")
    expect(tabs.nth(1)).not_to_have_class("is-empty")


@pytest.mark.thorough
def test_a_translator_finds_the_own_language_open(page: Page, sign_in: SignIn):
    sign_in(member("translator_en", "최영문"))
    program = factories.ProgramFactory(status=Status.DRAFT)

    page.goto(reverse("admin:programs_program_change", args=[program.pk]))

    expect(page.locator("#tab-en")).to_have_attribute("aria-selected", "true")
    expect(page.locator("[name=title_en]")).to_be_editable()
    page.click("[data-tab=ko]")
    expect(page.locator("[name=title_ko]")).to_be_disabled()
    page.evaluate(STANDS_STILL)
    assert violations(page, RULES) == []


@pytest.mark.thorough
def test_a_language_with_an_error_is_marked_and_opened(page: Page, sign_in: SignIn):
    sign_in(factories.StaffFactory())
    photo = factories.PhotoFactory()
    page.goto(reverse("admin:programs_program_change", args=[photo.program.pk]))
    page.click("[data-tab=zh-hans]")
    page.fill("[name=photos-0-caption_zh_hans]", "")
    page.click("[data-tab=ko]")

    page.click("[name=_save]")

    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("#tab-zh-hans")).to_have_class("has-errors")
    expect(page.locator("#tab-zh-hans")).to_have_attribute("aria-selected", "true")
    page.click("[data-tab=ko]")
    page.click("[data-error-summary] a")
    expect(page.locator("[name=photos-0-caption_zh_hans]")).to_be_focused()
    assert Photo.objects.get().caption_zh_hans == photo.caption_zh_hans


@pytest.mark.thorough
def test_without_script_all_languages_stand_one_below_the_other(
    live_server, sign_in: SignIn, page: Page
):  # type: ignore[no-untyped-def]
    sign_in(factories.StaffFactory())
    program = factories.ProgramFactory()
    context = page.context.browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()

    plain.goto(reverse("admin:programs_program_change", args=[program.pk]))

    for code in ("ko", "en", "zh_hans"):
        expect(plain.locator(f"[name=title_{code}]")).to_be_visible()
    expect(plain.locator(".language-tabs")).to_be_hidden()
    context.close()


@pytest.mark.thorough
def test_what_is_written_in_the_editor_arrives_on_the_site(
    page: Page, sign_in: SignIn, complaints: list[str]
):
    sign_in(factories.StaffFactory())
    record = factories.PageFactory(body_ko="<p>처음</p>")
    page.goto(reverse("admin:pages_page_change", args=[record.pk]))
    editor = page.locator(".field-body_ko .tiptap")
    editor.click()
    page.keyboard.press("Control+a")

    page.keyboard.press("Control+b")
    page.keyboard.type("굵은 글")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    page.keyboard.type("- 첫째")
    page.keyboard.press("Enter")
    page.keyboard.type("둘째")
    expect(editor.locator("li")).to_have_count(2)
    page.keyboard.press("Shift+Home")
    link = page.locator(".field-body_ko [data-name=link]")
    # The editor learns of the selection a moment later.
    expect(link).not_to_contain_class("disabled")
    link.click()
    page.fill("dialog [name=href]", "https://example.org/")
    page.click("dialog [type=submit]")
    page.click("[name=_save]")

    page.goto(record.get_absolute_url())
    expect(page.locator("main strong", has_text="굵은 글")).to_be_visible()
    expect(page.locator("main li", has_text="첫째")).to_be_visible()
    expect(page.locator("main li a[href='https://example.org/']")).to_have_text("둘째")
    assert complaints == []


@pytest.mark.thorough
def test_the_editor_drops_nothing_that_pages_show(
    page: Page, sign_in: SignIn, complaints: list[str]
):
    sign_in(factories.StaffFactory())
    record = factories.PageFactory(body_ko=EVERYTHING)
    page.goto(reverse("admin:pages_page_change", args=[record.pk]))
    editor = page.locator(".field-body_ko .tiptap")
    expect(editor.locator("caption")).to_have_text("표 이름")

    editor.locator("h2").click()
    page.keyboard.press("End")
    page.keyboard.type("!")
    expect(editor.locator("h2")).to_have_text("둘!")
    page.click("[name=_save]")
    expect(page.locator(".messagelist")).to_be_visible()

    record.refresh_from_db()
    expected = EVERYTHING.replace("<h2>둘</h2>", "<h2>둘!</h2>")
    assert sorted_attributes(record.body_ko) == sorted_attributes(expected)
    assert complaints == []


@pytest.mark.thorough
@pytest.mark.parametrize(("name", "tag"), [("subscript", "sub"), ("superscript", "sup")])
def test_the_editor_lowers_and_raises_letters(page: Page, sign_in: SignIn, name: str, tag: str):
    sign_in(factories.StaffFactory())
    record = factories.PageFactory(body_ko="<p>x</p>")
    page.goto(reverse("admin:pages_page_change", args=[record.pk]))
    editor = page.locator(".field-body_ko .tiptap")
    editor.click()
    page.keyboard.press("Control+a")

    page.click(f".field-body_ko [data-name={name}]")

    expect(editor.locator(tag)).to_have_text("x")


@pytest.mark.thorough
def test_no_page_of_the_back_office_breaks_the_content_policy_or_the_rules_of_html(
    page: Page, sign_in: SignIn, complaints: list[str], tmp_path: Path
):
    sign_in(factories.StaffFactory())
    program = factories.ProgramFactory(kind="sister_village")
    factories.PhotoFactory(program=program)
    form = f"/admin/programs/program/{program.pk}/change/"
    # Other languages have the same scripts, with other words.
    addresses = ["/admin/", form, f"/en{form}", f"/zh-hans{form}"]
    acts = ("history", "take-down", "hand-over", "delete")
    addresses += [form.replace("change", act) for act in acts]
    addresses += [f"/admin/programs/program/{end}" for end in ("", "add/")]
    addresses += ["/admin/pages/page/add/", "/admin/accounts/user/add/"]

    for address in addresses:
        html = page.goto(address).body()
        (tmp_path / f"{address.strip('/').replace('/', ' ')}.html").write_bytes(html)
        page.wait_for_load_state("networkidle")
        assert complaints == [], address

    # What the checker must find, so that it is known to have read.
    (tmp_path / "wrong.html").write_text(WRONG)
    found = errors(tmp_path)
    assert len(found.pop("wrong.html", [])) == 2
    assert found == {}


@pytest.mark.thorough
def test_countries_are_found_by_typing(page: Page, sign_in: SignIn, complaints: list[str]):
    sign_in(factories.StaffFactory())
    factories.CountryFactory(name_ko="몽골", name_en="Mongolia")
    program = factories.ProgramFactory()
    page.goto(reverse("admin:programs_program_change", args=[program.pk]))

    page.click("#country_shares-group .add-row a")
    page.click("#country_shares-0 .select2-selection")
    page.fill(".select2-search__field", "Mongolia")
    page.click(".select2-results__option:has-text('몽골')")
    page.click("[name=_save]")

    expect(page.locator(".messagelist")).to_be_visible()
    assert [str(country) for country in program.countries.all()] == ["몽골"]
    assert complaints == []


@pytest.mark.thorough
def test_the_back_office_can_be_used_by_everybody(page: Page, sign_in: SignIn):
    sign_in(factories.StaffFactory())
    program = factories.ProgramFactory(kind="sister_village", handed_over_on=None)
    factories.RoleFactory(program=program)
    factories.PhotoFactory(program=program)
    factories.MonitoringVisitFactory(program=program, planned_on="2020-01-01")
    base = f"/admin/programs/program/{program.pk}"

    for address in ("/admin/", "/admin/programs/program/", f"{base}/change/", f"{base}/history/"):
        page.emulate_media(color_scheme="light")
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert violations(page, RULES) == [], address
        # In the dark all but the colours is the same.
        page.emulate_media(color_scheme="dark")
        page.reload()
        page.wait_for_load_state("networkidle")
        assert violations(page, ["color-contrast"]) == [], address
