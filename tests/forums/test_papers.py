"""The call for papers as speakers meet it: beginning, drafts, the deadline, stepping back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from forums.models import Forum, Submission
from forums.papers import acts
from forums.papers.forms import PaperForm
from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy.models import Consent
from tests.factories import ForumFactory, OfficeFactory, ProgramFactory
from tests.forums.papers import (
    WRITTEN,
    a_call,
    a_meet_up,
    address,
    begin_by_mail,
    come_in,
    handed_in,
    post_paper,
)
from tests.letters import delivered
from tests.volunteers.applicants import person

pytestmark = pytest.mark.django_db

HONG = "hong@example.org"


def logged_in(client: Client, **fields: str) -> Client:
    client.force_login(person(**fields))
    return client


# --- the page of the call -----------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_the_call_says_when_it_closes_and_shows_the_servers_clock(client: Client, language: str):
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False):
        forum = a_call(theme_ko="물", theme_en="Water", theme_zh_hans="水")
        page = client.get(address("paper_call", forum.slug, language=language)).content.decode()

    assert {"ko": "물", "en": "Water", "zh-hans": "水"}[language] in page
    assert 'datetime="2026-11-29T03:00+00:00"' in page
    assert 'datetime="2026-11-22T03:00+00:00"' in page


def test_an_edition_without_a_call_or_not_public_has_no_such_page(client: Client):
    without = ForumFactory()
    hidden = a_call(program=ProgramFactory(kind="forum", modality="", status="draft"))

    for forum in (without, hidden):
        assert client.get(address("paper_call", forum.slug)).status_code == 404


def test_a_call_that_is_not_open_takes_nothing(client: Client):
    later = a_call(papers_open_at=timezone.now() + timedelta(days=1))
    over = a_call(
        papers_open_at=timezone.now() - timedelta(days=9),
        papers_close_at=timezone.now() - timedelta(minutes=1),
    )

    for forum in (later, over):
        page = address("paper_call", forum.slug)
        assert client.get(page).context["form"] is None
        assert client.post(page, {"email": HONG, "old_enough": "on"}).status_code == 409
    assert not Message.objects.exists()


def test_nothing_is_begun_without_a_consent_text_in_force(client: Client):
    now = timezone.now()
    forum = ForumFactory(papers_open_at=now - timedelta(days=1))

    answer = client.post(address("paper_call", forum.slug), {"email": HONG, "old_enough": "on"})

    assert answer.status_code == 409
    assert not Message.objects.exists()


# --- beginning ----------------------------------------------------------------------------------


def test_a_mailed_link_begins_a_draft_and_opening_it_again_finds_it(client: Client):
    forum = a_call()
    paper = begin_by_mail(client, forum)

    again = come_in(client, Message.objects.get(kind="paper_begin"))

    assert again.url == address("paper_edit", paper.uuid)
    assert Submission.objects.count() == 1
    assert (paper.state, paper.user, paper.language) == ("draft", None, "ko")


def test_a_mail_scanner_that_only_looks_begins_nothing(client: Client):
    forum = a_call()
    client.post(address("paper_call", forum.slug), {"email": HONG, "old_enough": "on"})
    link = next(word for word in delivered()[0].body.split() if "/mail/" in word)

    assert client.get(link.removeprefix("http://localhost:8000")).status_code == 200
    assert not Submission.objects.exists()


def test_the_answer_is_the_same_whoever_the_address_belongs_to(client: Client):
    forum = a_call()
    handed_in(forum, email=HONG)

    pages = [
        client.post(address("paper_list"), {"email": email}).content.decode()
        for email in (HONG, "nobody@example.org")
    ]

    assert pages[0].replace(HONG, "") == pages[1].replace("nobody@example.org", "")
    assert [row.to for row in Message.objects.all()] == [HONG]


def test_asking_twice_in_ten_minutes_sends_one_mail(client: Client):
    page = address("paper_call", a_call().slug)

    for _time in range(3):
        client.post(page, {"email": HONG, "old_enough": "on"})

    assert Message.objects.filter(to=HONG).count() == 1


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "é@example.org", "a" * 300 + "@b.kr", "\x00"]
)
def test_an_address_that_is_none_is_said_to_be_none(client: Client, email: str):
    answer = client.post(address("paper_call", a_call().slug), {"email": email, "old_enough": "on"})

    assert "email" in answer.context["form"].errors
    assert not Message.objects.exists()


def test_whoever_is_under_14_begins_nothing(client: Client):
    answer = client.post(address("paper_call", a_call().slug), {"email": HONG})

    assert "old_enough" in answer.context["form"].errors


def test_with_an_account_a_draft_is_begun_at_once(client: Client):
    forum = a_call()
    user = person(name="홍길동")
    client.force_login(user)

    answer = client.post(address("paper_call", forum.slug), {"old_enough": "on"})

    paper = Submission.objects.get()
    assert answer.url == address("paper_edit", paper.uuid)
    assert (paper.user, paper.email, paper.name) == (user, user.email, "홍길동")


def test_what_was_begun_by_mail_is_found_after_signing_up_with_the_same_address(client: Client):
    paper = begin_by_mail(client, a_call())
    client.logout()

    logged_in(client, email=HONG).get(address("paper_list"))

    paper.refresh_from_db()
    assert paper.user is not None


def test_one_address_has_so_many_papers_and_no_more(client: Client):
    forum = a_call()
    for _number in range(acts.MOST):
        handed_in(forum, email=HONG)
    logged_in(client, email=HONG)

    answer = client.post(address("paper_call", forum.slug), {"old_enough": "on"})

    assert answer.context["form"].non_field_errors()
    assert Submission.objects.count() == acts.MOST


# --- drafts and handing in ----------------------------------------------------------------------


def test_a_draft_keeps_what_is_written_so_far_and_tells_nobody(client: Client):
    paper = begin_by_mail(client, a_call())

    page = address("paper_edit", paper.uuid)
    shown = client.get(page)
    client.post(page, {"title": "물", "seen": shown.context["seen"]})

    paper.refresh_from_db()
    assert (paper.title, paper.state, paper.language) == ("물", "draft", "ko")
    assert shown.context["form"].fields["abstract"].required  # and the page says so
    assert not Message.objects.filter(kind="paper_received").exists()


def test_handing_in_gives_a_receipt_keeps_the_consent_and_writes_once(client: Client):
    paper = begin_by_mail(client, a_call())

    first = post_paper(client, paper)
    page = address("paper_edit", paper.uuid)
    second = client.post(page, {**WRITTEN, "submit": "1", "seen": "old"})

    paper.refresh_from_db()
    assert (first.status_code, second.status_code) == (302, 302)
    assert paper.state == "submitted"
    assert paper.sent_at is not None
    assert Consent.objects.get().given
    moves = Transition.objects.filter(object_id=paper.pk, field="state")
    assert moves.values_list("from_state", "to_state").get() == ("draft", "submitted")
    assert Message.objects.get(kind="paper_received").context["code"] == paper.receipt


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("abstract", ""),
        ("name", ""),
        ("consent_paper", ""),
        ("consent_paper", "no.1"),
        ("language", "xx"),
        ("title", "가" * 201),
        ("abstract", "가" * 3001),
        ("abstract", "880101-1234567"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_handed_in(
    client: Client, field: str, value: str
):
    paper = begin_by_mail(client, a_call())

    answer = post_paper(client, paper, **{field: value})

    assert field in answer.context["form"].errors
    paper.refresh_from_db()
    assert (paper.state, paper.title) == ("draft", "")


def test_what_was_handed_in_can_be_changed_until_the_deadline_and_not_after(client: Client):
    forum = a_call(papers_close_at=timezone.now() + timedelta(minutes=5))
    paper = begin_by_mail(client, forum)
    post_paper(client, paper)

    post_paper(client, paper, hands_in=False, title="새 제목")
    paper.refresh_from_db()
    assert (paper.title, paper.state) == ("새 제목", "submitted")

    page = address("paper_edit", paper.uuid)
    seen = client.get(page).context["seen"]
    with time_machine.travel(forum.papers_close_at, tick=False):
        late = client.post(page, {**WRITTEN, "title": "너무 늦은 제목", "seen": seen})
        assert client.get(page).url == paper.get_absolute_url()

    paper.refresh_from_db()
    assert late.url == paper.get_absolute_url()
    assert paper.title == "새 제목"


def test_the_act_asks_the_clock_again_after_the_form_was_found_right(client: Client):
    forum = a_call()
    paper = begin_by_mail(client, forum)
    form = PaperForm({**WRITTEN}, instance=paper, complete=True)
    assert form.is_valid()
    Forum.objects.filter(pk=forum.pk).update(papers_close_at=timezone.now())

    with pytest.raises(acts.TooLateError):
        acts.submit(paper, form, seen=paper.stamp, by=None)

    paper.refresh_from_db()
    assert (paper.state, paper.title) == ("draft", "")


def test_another_window_overwrites_nothing(client: Client):
    paper = begin_by_mail(client, a_call())
    page = address("paper_edit", paper.uuid)
    old = client.get(page).context["seen"]
    post_paper(client, paper, hands_in=False, title="첫 창")

    answer = client.post(page, {**WRITTEN, "title": "둘째 창", "seen": old})

    paper.refresh_from_db()
    assert paper.title == "첫 창"
    assert "둘째 창" in answer.content.decode()
    # Told of it, they may save over it.
    client.post(page, {**WRITTEN, "title": "둘째 창", "seen": answer.context["seen"]})
    paper.refresh_from_db()
    assert paper.title == "둘째 창"


def test_whose_paper_it_is_not_finds_none(client: Client):
    paper = handed_in(a_call())
    logged_in(client)

    for name in ("paper_detail", "paper_edit", "paper_withdraw", "paper_speaker", "paper_slides"):
        assert client.get(address(name, paper.uuid)).status_code == 404


def test_whoever_is_not_known_is_asked_for_their_address_and_learns_nothing():
    paper = handed_in(a_call())

    for uuid in (paper.uuid, "00000000-0000-4000-8000-000000000000"):
        answer = Client().get(address("paper_detail", uuid))
        assert answer.url == address("paper_list")


# --- stepping back ------------------------------------------------------------------------------


def test_a_draft_is_destroyed_with_the_mails_about_it(client: Client):
    paper = begin_by_mail(client, a_call())

    assert client.get(address("paper_withdraw", paper.uuid)).status_code == 200
    assert Submission.objects.exists()
    client.post(address("paper_withdraw", paper.uuid))

    assert not Submission.objects.exists()


def test_withdrawing_twice_writes_once(client: Client):
    paper = begin_by_mail(client, a_call())
    post_paper(client, paper)

    for _time in range(2):
        client.post(address("paper_withdraw", paper.uuid))

    paper.refresh_from_db()
    assert paper.state == "withdrawn"
    assert Message.objects.filter(kind="paper_withdrawn").count() == 1


def test_nothing_of_a_frozen_edition_is_changed(client: Client):
    forum = a_call()
    paper = begin_by_mail(client, forum)
    post_paper(client, paper)
    Forum.objects.filter(pk=forum.pk).update(frozen_at=timezone.now())

    client.post(address("paper_withdraw", paper.uuid))
    client.post(address("paper_edit", paper.uuid), {**WRITTEN, "title": "다른", "seen": ""})

    paper.refresh_from_db()
    assert (paper.state, paper.title) == ("submitted", WRITTEN["title"])
    assert client.post(address("paper_call", forum.slug), {"old_enough": "on"}).status_code == 409


# --- looking ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_every_page_of_a_paper_opens(client: Client, language: str):
    OfficeFactory()
    forum = a_meet_up()
    paper = begin_by_mail(client, forum)

    for name in ("paper_detail", "paper_edit", "paper_withdraw"):
        page = client.get(address(name, paper.uuid, language=language))
        assert page.status_code == 200
        assert page.headers["Cache-Control"].count("no-store") == 1
    assert client.get(address("paper_list", language=language)).status_code == 200


@pytest.mark.thorough
def test_lists_ask_as_often_for_many_as_for_one(client: Client, uncached_queries):
    forum = a_call()
    logged_in(client, email=HONG)
    handed_in(forum, email=HONG, user=None)
    client.get(address("paper_list"))
    few = uncached_queries(client, address("paper_list")), uncached_queries(client, "/accounts/")
    for _number in range(4):
        handed_in(a_call(), email=HONG, user=None)

    many = uncached_queries(client, address("paper_list")), uncached_queries(client, "/accounts/")

    assert many == few


@pytest.mark.parametrize("kind", ["forum", "meet_up"])
def test_the_page_of_the_edition_leads_to_the_call(client: Client, kind: str):
    forum = a_call() if kind == "forum" else a_meet_up()

    page = client.get(forum.get_absolute_url()).content.decode()

    assert address("paper_call", forum.slug) in page
