"""Stories with consent: written, published, taken back; the name; the report beside them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oda_portal.accounts.models import User
from oda_portal.previewing.models import Preview
from oda_portal.privacy import consents
from oda_portal.privacy.closing import close_account
from oda_portal.privacy.models import Consent, ConsentText
from oda_portal.publishing.models import Status
from tests.accounts.test_areas import member
from tests.admin.forms import filled, publish
from tests.doors import sign_in_staff
from tests.factories import DeploymentReportFactory, ProgramFactory, StaffFactory, StoryFactory
from tests.previewing.looks import look
from tests.volunteers.served import approved, back, past_opening, with_page
from tests.volunteers.staff import looks, page_of, signed_in_as
from volunteers.models import Application, Story, Volunteer
from volunteers.service import stories

pytestmark = pytest.mark.django_db

TEXT = "We painted the school, and the children showed us how to ride."
WORDS = {
    "language": "en",
    "title": "A school in Ulaanbaatar",
    "text": TEXT,
    "shown_as": "full_name",
    "consent_story": "yes.1",
}


def own_page(application: Application, language: str = "ko") -> str:
    with translation.override(language):
        return reverse("volunteers:story", args=[application.uuid])


def signed_in(application: Application) -> Client:
    client = Client()
    client.force_login(application.volunteer.user)
    return client


def write(application: Application, **values: str) -> Any:
    client, page = signed_in(application), own_page(application)
    seen = client.get(page).context["seen"]
    return client.post(page, {**WORDS, "seen": seen, **values})


def published(**values: str) -> Story:
    """Of a deployment that everybody may see, written by its volunteer."""
    application = back(with_page(past_opening()))
    write(application, **values)
    story = Story.objects.get(application=application)
    assert story.publish(by=StaffFactory())
    return story


def deployment(story: Story) -> str:
    return story.application.opening.program.get_absolute_url()


# --- writing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_a_story_is_kept_as_a_draft_with_its_consent(language: str):
    application = back(with_page(past_opening()))
    client, page = signed_in(application), own_page(application, language)

    assert client.get(page).status_code == 200
    assert client.post(page, {**WORDS, "seen": ""}).status_code == 302

    story = Story.objects.get()
    assert (story.status, story.agreed, story.language) == (Status.DRAFT, True, "en")
    assert (story.title_en, story.title_ko, story.text_en) == (WORDS["title"], None, TEXT)
    consent = Consent.objects.get(kind="story")
    assert (consent.version, consent.given, consent.subject) == (1, True, application)
    assert consent.sha256
    assert consent.language == language
    assert TEXT not in client.get(deployment(story)).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""}, {"text": "Short"}, {"text": f"{TEXT} 990307-1234567"},
        {"consent_story": ""}, {"shown_as": "nickname"}, {"language": "fr"},
    ],
)  # fmt: skip
def test_what_is_wrong_stays_on_the_page_and_nothing_is_kept(wrong: dict[str, str]):
    application = back(past_opening())

    page = write(application, **wrong)

    assert page.status_code == 422
    shown = page.content.decode()
    for name in ("title", "text"):
        assert wrong.get(name, WORDS[name]) in shown
    assert not Story.objects.exists()
    assert not Consent.objects.filter(kind="story").exists()


def test_two_windows_do_not_write_over_each_other():
    application = back(past_opening())
    write(application)
    story = Story.objects.get()
    story.title_en = "Put right by the office"
    story.save()

    page = signed_in(application).post(own_page(application), {**WORDS, "seen": "old"})

    assert page.status_code == 422
    shown = page.content.decode()
    assert WORDS["title"] in shown
    assert "Put right by the office" in shown
    story.refresh_from_db()
    assert story.title_en == "Put right by the office"
    assert write(application, title="Mine again").status_code == 302


def test_once_published_the_words_are_the_offices_and_name_and_consent_the_writers():
    story = published()

    page = write(story.application, title="Changed", shown_as="initials")

    assert page.status_code == 302
    story.refresh_from_db()
    assert (story.title_en, story.shown_as) == (WORDS["title"], "initials")
    assert story.is_public()


def test_without_a_text_in_force_a_story_is_kept_and_cannot_be_published():
    application = back(past_opening())
    ConsentText.objects.filter(kind="story").delete()

    assert write(application).status_code == 302

    story = Story.objects.get()
    assert not story.agreed
    assert not story.publish(by=StaffFactory())


# --- publishing and taking back ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown_as", "in_korean", "in_english"),
    [
        ("full_name", "홍길동", "HONG GILDONG"),
        ("initials", "H. G.", "H. G."),
        ("anonymous", "", ""),
    ],
)
def test_the_deployment_shows_it_under_the_name_that_was_chosen(
    client: Client, shown_as: str, in_korean: str, in_english: str
):
    story = published(shown_as=shown_as)
    page = deployment(story)

    for address, name in ((page, in_korean), (f"/en{page}", in_english)):
        shown = client.get(address).content.decode()
        assert TEXT in shown
        assert name in shown
        for other in {"홍길동", "HONG GILDONG", "H. G."} - {name}:
            assert other not in shown


def test_a_consent_that_is_taken_back_takes_it_down_at_once(
    client: Client, django_capture_on_commit_callbacks: Any
):
    story = published()
    application = story.application
    assert TEXT in client.get(deployment(story)).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        assert write(application, consent_story="no.1").status_code == 302

    assert TEXT not in client.get(deployment(story)).content.decode()
    story.refresh_from_db()
    assert (story.status, story.agreed) == (Status.WITHDRAWN, False)
    assert not story.publish(by=StaffFactory())
    write(application)
    story.refresh_from_db()
    assert story.agreed
    assert not story.is_public()


def test_so_does_one_that_is_taken_back_under_my_data(
    client: Client, django_capture_on_commit_callbacks: Any
):
    story = published()
    user = story.application.volunteer.user
    assert TEXT in client.get(deployment(story)).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        assert consents.withdraw(story.application, "story", by=user)

    assert TEXT not in client.get(deployment(story)).content.decode()
    story.refresh_from_db()
    assert not story.agreed


def test_the_database_lets_nothing_be_public_that_nobody_agreed_to():
    story = published()

    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=story.pk).update(agreed=False)


def test_with_the_account_it_leaves_the_site(
    client: Client, django_capture_on_commit_callbacks: Any
):
    story = published()
    page = deployment(story)
    assert TEXT in client.get(page).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        close_account(story.application.volunteer.user)

    assert TEXT not in client.get(page).content.decode()
    assert not Story.objects.exists()
    assert not Story.history.exists()


def test_staff_put_it_right_and_publish_it_and_the_log_says_whose_it_is(client: Client):
    application = back(with_page(past_opening()))
    write(application)
    story = Story.objects.get()
    signed_in_as(client, "volunteer_coordinator")
    page = page_of("story_change", story.pk)

    sent = publish(client, page, title_ko="울란바토르의 학교")

    assert sent.status_code == 200
    story.refresh_from_db()
    assert (story.title_ko, story.status) == ("울란바토르의 학교", Status.PUBLISHED)
    assert f"volunteers.application {application.pk}" in looks("edit")[0][1]


def test_staff_cannot_publish_what_nobody_agreed_to(client: Client):
    application = back(with_page(past_opening()))
    write(application, consent_story="no.1")
    story = Story.objects.get()
    signed_in_as(client, "volunteer_coordinator")
    page = page_of("story_change", story.pk)
    shown = client.get(page)

    assert b'name="_publish"' not in shown.content
    client.post(page, filled(shown, _publish="1"), follow=True)

    story.refresh_from_db()
    assert story.status == Status.DRAFT


NO_NAMES = ("editor", "translator_ko", "translator_en", "translator_zh_hans")


@pytest.mark.parametrize("role", [*NO_NAMES, "privacy_officer"])
def test_who_may_not_read_applications_learns_the_name_that_is_shown_and_no_other(
    client: Client, role: str
):
    application = back(with_page(past_opening()))
    write(application, shown_as="initials")
    story = Story.objects.get()
    signed_in_as(client, role)
    pages = [
        page_of(f"story_{name}", *args)
        for name, args in [
            ("changelist", ()), ("change", (story.pk,)), ("history", (story.pk,)),
        ]
    ]  # fmt: skip
    secrets = ["홍길동", application.receipt, str(application.volunteer.user)]

    shown = [client.get(page).content.decode() for page in pages]
    found = client.get(f"{pages[0]}?q=홍길동").context["cl"].queryset

    assert "H. G." in shown[0]
    assert "H. G." in shown[1]
    assert TEXT in shown[1]
    is_told = [any(secret in page for secret in secrets) for page in shown]
    assert is_told == [role == "privacy_officer"] * 3
    assert found.exists() == (role == "privacy_officer")


@pytest.mark.parametrize("role", NO_NAMES)
def test_a_story_that_nobody_agreed_to_is_not_there_for_them(client: Client, role: str):
    write(back(with_page(past_opening())), consent_story="no.1")
    story = Story.objects.get()
    signed_in_as(client, role)

    assert not client.get(page_of("story_changelist")).context["cl"].queryset
    assert client.get(page_of("story_history", story.pk)).status_code == 404
    gone = client.get(page_of("story_change", story.pk), follow=True)
    assert WORDS["title"] not in gone.context.get("title", "")
    assert TEXT not in gone.content.decode()


def test_who_saves_over_the_volunteer_is_not_told_their_name(client: Client):
    application = back(with_page(past_opening()))
    User.objects.filter(pk=application.volunteer.user.pk).update(name="나단원")
    application.volunteer.user.refresh_from_db()
    write(application)
    story = Story.objects.get()
    signed_in_as(client, "translator_ko")
    page = page_of("story_change", story.pk)
    form = filled(client.get(page), title_ko="학교")
    write(application, title="Another school")

    shown = client.post(page, form)

    assert shown.status_code == 200
    assert "나단원" not in shown.content.decode()


# --- reports -------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_a_report_stands_on_the_deployment_and_on_its_round_with_approved_figures(
    client: Client, prefix: str
):
    opening = with_page(past_opening())
    approved(back(opening), 8, 8)
    approved(back(opening), 7.5)
    report = DeploymentReportFactory(program=opening.program)
    title = {"": report.title_ko, "/en": report.title_en, "/zh-hans": report.title_zh_hans}[prefix]

    page = words_of(client, prefix + opening.program.get_absolute_url())
    round_page = words_of(client, f"{prefix}/volunteers/rounds/11/")

    for shown in (page, round_page):
        assert title in shown
        assert "23.5" in shown


def words_of(client: Client, path: str) -> str:
    """The page without its drawings, which are full of numbers."""
    return re.sub("<svg.*?</svg>", "", client.get(path).content.decode(), flags=re.DOTALL)


def test_figures_change_with_what_is_approved(
    client: Client, django_capture_on_commit_callbacks: Any
):
    opening = with_page(past_opening())
    DeploymentReportFactory(program=opening.program)
    page = opening.program.get_absolute_url()
    assert "23.5" not in words_of(client, page)

    with django_capture_on_commit_callbacks(execute=True):
        approved(back(opening), 8, 15.5)

    assert "23.5" in client.get(page).content.decode()


def test_a_draft_of_a_report_is_shown_nowhere(client: Client):
    report = DeploymentReportFactory(
        program=ProgramFactory(kind="volunteer", edition=11), status=Status.DRAFT
    )

    for page in (report.program.get_absolute_url(), "/volunteers/rounds/11/"):
        assert report.title_ko not in client.get(page).content.decode()


@pytest.mark.parametrize(("role", "is_shown"), [("volunteer_coordinator", False), ("", True)])
def test_the_preview_of_a_report_shows_a_draft_of_its_deployment_to_who_writes_both(
    client: Client, role: str, is_shown: bool
):
    program = ProgramFactory(kind="volunteer", title_ko="비밀 파견", status=Status.DRAFT)
    writer = member(role) if role else StaffFactory()
    sign_in_staff(client, writer)
    page = reverse("admin:volunteers_deploymentreport_add")
    sent = filled(client.get(page), program=str(program.pk), title_ko="보고", text_ko="글")

    answer = client.post(page, {**sent, "_preview": "1"})
    seen = look(client, Preview.objects.get())

    assert answer.status_code == 302
    assert seen.status_code == (200 if is_shown else 404)
    assert ("비밀 파견" in seen.content.decode()) is is_shown


@pytest.mark.thorough
def test_many_stories_ask_the_database_as_often_as_one(client: Client, uncached_queries: Any):
    program = ProgramFactory(kind="volunteer")
    StoryFactory(application__opening__program=program, shown_as="full_name")
    one = uncached_queries(client, program.get_absolute_url())
    StoryFactory.create_batch(4, application__opening__program=program, shown_as="full_name")

    assert uncached_queries(client, program.get_absolute_url()) == one


@pytest.mark.parametrize(
    ("name", "roman", "initials"),
    [("홍길동", "Hong Gil-dong", "H. G. D."), ("Бат Эрдэнэ", "", "Б. Э."), ("", "", "")],
)
def test_initials_are_those_of_the_name_in_roman_letters(name: str, roman: str, initials: str):
    assert stories.initials_of(Volunteer(name=name, name_roman=roman)) == initials
