"""From the call to the closed account, once in each language on a phone: with script and without."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from oda_portal.accounts.models import User
from oda_portal.privacy import consent_texts
from tests import factories
from tests.accounts.people import PASSWORD
from tests.embedded.document import read_document
from tests.embedded.test_crawl import FOREIGN
from tests.files.samples import picture
from tests.letters import delivered
from tests.volunteers import rounds
from tests.volunteers.applicants import address
from volunteers import actions
from volunteers.models import Application, ApplicationFile, Call, Opening, State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
EMAIL = "hong@example.org"
# In letters that every page may show, whatever its language.
WRITTEN = {
    "about": {
        "name": "Hong Gildong",
        "name_roman": "HONG GILDONG",
        "born_on": "1999-03-07",
        "mobile": "+82 10 1234 5678",
        "residence": "Busan",
    },
    "skills": {"languages": "English", "skills": "First aid"},
    "experience": {"experience": "None."},
    "motivation": {"motivation": "To teach what I know and to learn from the people there. " * 2},
}


@pytest.fixture
def call() -> Call:
    consent_texts.load(in_force=True)
    factories.OfficeFactory()
    now = timezone.now()
    times = {"released_at": now + timedelta(days=60), "confirm_by": now + timedelta(days=70)}
    call = factories.OpeningFactory(call=factories.CallFactory(**times), pool__capacity=5).call
    factories.OpeningFactory(call=call, team=Opening.Team.MEDICAL)
    factories.ConditionFactory(call=call)
    factories.RequiredDocumentFactory(call=call)
    return call


class Applicant:
    """Somebody with a phone, who looks at every page that comes."""

    def __init__(self, page: Page, call: Call, language: str) -> None:
        self.page, self.call, self.language = page, call, language
        self.main = page.locator("main")

    # --- what they see ------------------------------------------------------------------------

    def see(self) -> None:
        """The page is whole, not wider than the phone, and in no other language's letters."""
        html = self.page.content()
        document = read_document(html)
        letters = FOREIGN[document.html_lang]
        assert document.html_lang.lower() == self.language
        assert self.page.locator("h1").count() == 1, self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        foreign = [
            text
            for language, text in document.texts
            if language == document.html_lang and letters.search(text)
        ]
        assert foreign == [], self.page.url

    def go(self, path: str) -> None:
        self.page.goto(path)
        self.see()

    def press(self, control: Locator) -> None:
        with self.page.expect_navigation():
            control.click()
        self.see()

    def go_on(self) -> None:
        """The button that is set off, of the form of this page."""
        self.press(self.main.locator("form button.btn-go:visible").last)

    def write(self, values: dict[str, str]) -> None:
        for name, value in values.items():
            self.page.locator(f"main [name={name}]").fill(value)

    # --- what they do -------------------------------------------------------------------------

    def check(self) -> None:
        self.go(address("check", self.call, language=self.language))
        self.write({"born_on": "1999. 3. 7."})
        self.main.locator("input[value=yes]").check()
        self.go_on()

    def begin_by_link(self) -> None:
        self.write({"email": EMAIL})
        self.go_on()
        self.open_mailed_link()
        self.go_on()

    def begin_with_account(self) -> None:
        self.press(self.main.locator(".section").first.locator("a.btn").last)
        self.sign_up()
        self.open_mailed_link()
        self.go_on()
        if self.main.locator("[name=password]").count():
            self.write({"login": EMAIL, "password": PASSWORD})
            self.go_on()
        self.go(address("begin", self.call, language=self.language))
        self.go_on()

    def sign_up(self) -> None:
        self.write({"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD})
        self.main.locator("[name=old_enough]").check()
        self.go_on()

    def open_mailed_link(self) -> None:
        link = re.search(r"https?://\S+/(?:mail|confirm-email)/\S+", delivered()[-1].body)
        assert link
        self.go(urlsplit(link[0]).path)

    def fill_in(self) -> None:
        """Each step, in the order in which they come."""
        save = self.main.locator(".step-btns button").first
        self.write(WRITTEN["about"])
        self.press(save)
        self.main.locator("[name=choice_1]").select_option(index=1)
        self.press(save)
        for step in ("skills", "experience", "motivation"):
            self.write(WRITTEN[step])
            self.press(save)
        file = {"name": "cv.png", "mimeType": "image/png", "buffer": picture("PNG")}
        self.main.locator("input[type=file]").set_input_files([file])
        self.press(save)
        for choice in self.main.locator("input[type=radio][value^=yes]").all():
            choice.check()
        self.press(save)

    def send(self) -> Application:
        self.go_on()
        application = Application.objects.get()
        expect(self.page).to_have_url(re.compile(f"/mine/{application.uuid}/$"))
        expect(self.main).to_contain_text(str(application.receipt))
        return application


@pytest.fixture
def applicant(chromium: Browser, live_server, call: Call, request) -> Iterator[Applicant]:  # type: ignore[no-untyped-def]
    language, script = request.param
    context = chromium.new_context(
        base_url=live_server.url,
        viewport=PHONE,
        java_script_enabled=script,
        accept_downloads=True,
    )
    yield Applicant(context.new_page(), call, language)
    context.close()


with_script = pytest.mark.parametrize("applicant", [("en", True)], indirect=True, ids=["en"])
without_script = pytest.mark.parametrize(
    "applicant",
    [
        pytest.param(("ko", False), id="ko"),
        pytest.param(("zh-hans", False), id="zh-hans", marks=pytest.mark.thorough),
    ],
    indirect=True,
)


@with_script
def test_an_account_from_the_beginning_with_script(applicant: Applicant):
    applicant.check()
    applicant.begin_with_account()
    applicant.fill_in()
    application = applicant.send()

    assert application.state == State.SUBMITTED
    answer_and_change(applicant, application)
    withdraw_and_apply_again(applicant, application)
    take_the_place(applicant, application)
    download_and_close(applicant, application)


@pytest.mark.thorough
@without_script
def test_a_mailed_link_first_and_an_account_at_the_end_without_script(applicant: Applicant):
    applicant.check()
    applicant.begin_by_link()
    applicant.fill_in()
    assert not User.objects.exists()
    applicant.press(applicant.main.locator(".section a.btn-go"))
    applicant.sign_up()  # the link that was opened has proved the address
    expect(applicant.page).to_have_url(re.compile("/apply/submit/$"))
    application = applicant.send()

    assert EmailAddress.objects.get().verified
    assert application.volunteer.user == User.objects.get()
    answer_and_change(applicant, application)
    withdraw_and_apply_again(applicant, application)
    take_the_place(applicant, application)
    download_and_close(applicant, application)


def answer_and_change(applicant: Applicant, application: Application) -> None:
    days = timezone.localdate() + timedelta(days=3)
    actions.ask(application, text="When?", by=factories.StaffFactory(), answer_by=days)
    applicant.go(own_page(applicant, application))
    applicant.main.locator(".asked textarea").fill("In May.")
    applicant.press(applicant.main.locator(".asked button"))
    assert application.questions.get().answer == "In May."

    applicant.press(applicant.main.locator(".next-box a.btn").first)
    applicant.write({"residence": "Gimhae"})
    applicant.press(applicant.main.locator(".step-btns button").nth(1))
    applicant.press(applicant.main.locator(".next-box a.btn-go"))
    applicant.send()
    application.volunteer.refresh_from_db()
    assert application.volunteer.residence == "Gimhae"


def withdraw_and_apply_again(applicant: Applicant, application: Application) -> None:
    applicant.press(applicant.main.locator("aside a.btn-bad"))
    applicant.press(applicant.main.locator("button.btn-bad"))
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN

    applicant.press(applicant.main.locator(".next-box button.btn-go"))
    applicant.go(address("apply_send", applicant.call, language=applicant.language))
    assert applicant.send().state == State.SUBMITTED


def take_the_place(applicant: Applicant, application: Application) -> None:
    """The result comes at its time, by the timed task, and is answered."""
    assert rounds.decide(application, "select")
    applicant.go(own_page(applicant, application))
    assert applicant.main.locator("button[name=yes]").count() == 0
    assert rounds.release(applicant.call) == 1
    applicant.go(own_page(applicant, application))
    applicant.press(applicant.main.locator("button[name=yes]"))
    application.refresh_from_db()
    assert application.state == State.CONFIRMED
    assert applicant.main.locator(".timeline .done").count() >= 3
    subjects = [letter.subject for letter in delivered()]
    assert len(subjects) == len(set(subjects)) + 1  # received twice, since they applied twice


def download_and_close(applicant: Applicant, application: Application) -> None:
    page, main = applicant.page, applicant.main
    applicant.go(f"{prefix(applicant)}/accounts/")
    with page.expect_download() as download:
        main.locator("[action$='/data/download/'] button, a[href$='/data/download/']").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        about = json.loads(archive.read("data.json"))
        assert [name for name in archive.namelist() if name.endswith("cv.png")]
    assert about["volunteers.applications"][0]["receipt"] == application.receipt

    applicant.press(main.locator("a[href$='/data/close/']"))
    if main.locator("[name=password]").count():
        applicant.write({"password": PASSWORD})
        applicant.go_on()
    applicant.press(main.locator("button.btn-bad"))
    assert not User.objects.filter(email=EMAIL).exists()
    assert not Application.objects.exists()
    assert not ApplicationFile.objects.exists()


def prefix(applicant: Applicant) -> str:
    return "" if applicant.language == "ko" else f"/{applicant.language}"


def own_page(applicant: Applicant, application: Application) -> str:
    return f"{prefix(applicant)}/volunteers/mine/{application.uuid}/"
