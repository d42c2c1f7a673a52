"""Answering inquiries: the letter is seen before it goes, and goes once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.pages.inquiring import actions
from oda_portal.pages.models import IllegalMoveError, Inquiry
from oda_portal.privacy.models import AccessRecord
from tests.accounts.test_roles import member
from tests.doors import sign_in_staff
from tests.factories import InquiryFactory, OfficeFactory
from tests.letters import delivered

pytestmark = pytest.mark.django_db
ANSWER = "다음 모집은 3월에 시작합니다."


@pytest.fixture
def editor(client: Client) -> User:
    OfficeFactory()
    editor = member("editor")
    sign_in_staff(client, editor)
    return editor


def address(page: str, inquiry: Inquiry) -> str:
    return reverse(f"admin:pages_inquiry_{page}", args=[inquiry.pk])


def shown(page: str) -> str:
    return re.search(r'name="shown" value="(\w+)"', page)[1]


def send(client: Client, inquiry: Inquiry, text: str = ANSWER):
    page = client.post(address("answer", inquiry), {"text": text, "look": "1"}).content.decode()
    form = {"text": text, "shown": shown(page), "sure": "1"}
    return client.post(address("answer", inquiry), form, follow=True)


def test_an_answer_is_shown_as_a_letter_and_then_sent_once(client: Client, editor: User):
    inquiry = InquiryFactory(email="citizen@example.org", language="en", text="When?")

    preview = client.post(address("answer", inquiry), {"text": "In March.", "look": "1"})
    page = preview.content.decode()

    assert "When?" in page
    assert 'lang="en"' in page
    assert "The answer to your question" in page
    assert inquiry.receipt in page
    assert not Message.objects.exists()
    form = {"text": "In March.", "shown": shown(page), "sure": "1"}
    for _time in range(3):
        client.post(address("answer", inquiry), form)
    message = Message.objects.get()
    assert (message.to, message.language) == ("citizen@example.org", "en")
    (letter,) = delivered()
    assert "In March." in letter.body
    assert inquiry.receipt in letter.body
    message.refresh_from_db()
    assert (message.context, message.path, message.sealed_context) == ({}, "", None)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.answered_by) == ("answered", editor)
    moves = Transition.objects.values_list("from_state", "to_state", "by")
    assert list(moves) == [("received", "answered", editor.pk)]


def test_words_that_were_not_seen_as_a_letter_are_shown_first(client: Client, editor: User):
    inquiry = InquiryFactory(email="citizen@example.org")
    page = client.post(address("answer", inquiry), {"text": ANSWER, "look": "1"}).content.decode()

    form = {"text": f"{ANSWER} 덧붙임", "shown": shown(page), "sure": "1"}
    changed = client.post(address("answer", inquiry), form)

    assert "덧붙임" in changed.content.decode()
    assert Inquiry.objects.get().is_open
    assert not Message.objects.exists()


def test_of_two_who_answer_one_is_sent_and_the_other_is_told(client: Client, editor: User):
    inquiry = InquiryFactory(email="citizen@example.org")
    page = client.post(address("answer", inquiry), {"text": ANSWER, "look": "1"}).content.decode()
    actions.answer(Inquiry.objects.get(), by=member("volunteer_coordinator"), text="먼저 쓴 답")

    form = {"text": ANSWER, "shown": shown(page), "sure": "1"}
    said = client.post(address("answer", inquiry), form, headers={"Accept-Language": "en"})
    told = client.get(said.url).content.decode()

    assert "닫" in told or "already" in told
    assert Inquiry.objects.get().answer == "먼저 쓴 답"
    assert Message.objects.count() == 1


def test_an_old_copy_cannot_end_an_inquiry_again(editor: User):
    inquiry = InquiryFactory(email="citizen@example.org")
    old = Inquiry.objects.get()
    actions.close(inquiry, by=editor, reason="두 번 보냄")

    with pytest.raises(IllegalMoveError):
        actions.answer(old, by=editor, text=ANSWER)
    with pytest.raises(IllegalMoveError):
        actions.close(old, by=editor, reason="또")

    assert Inquiry.objects.get().state == "closed"
    assert not Message.objects.exists()
    assert Transition.objects.get().reason == "두 번 보냄"


def test_without_an_address_the_answer_stands_on_the_page_of_the_number(
    client: Client, editor: User
):
    inquiry = InquiryFactory(text="<b>언제?</b>")
    client_page = f"/contact/{inquiry.receipt}/"
    assert ANSWER not in Client().get(client_page).content.decode()

    send(client, inquiry, f"{ANSWER}\n\n<script>alert(1)</script>")

    page = Client().get(client_page).content.decode()
    assert ANSWER in page
    assert "<script>alert" not in page
    assert "언제?" not in page
    assert not Message.objects.exists()


def test_closing_needs_a_reason_and_tells_nobody(client: Client, editor: User):
    inquiry = InquiryFactory(email="citizen@example.org")

    client.post(address("close", inquiry), {"reason": ""})
    assert Inquiry.objects.get().is_open
    client.post(address("close", inquiry), {"reason": "광고"})

    inquiry.refresh_from_db()
    assert inquiry.state == "closed"
    assert not Message.objects.exists()


def test_overdue_ones_stand_first_and_are_counted_on_the_first_page(client: Client, editor: User):
    today = timezone.localdate()
    InquiryFactory(due_on=today + timedelta(days=9))
    late = InquiryFactory(due_on=today - timedelta(days=2))
    done = InquiryFactory(due_on=today - timedelta(days=9))
    actions.close(done, by=editor, reason="끝")

    listed = client.get("/en" + reverse("admin:pages_inquiry_changelist"))
    first_page = client.get("/en" + reverse("admin:index")).content.decode()
    only_late = client.get(reverse("admin:pages_inquiry_changelist"), {"overdue": "yes"})

    rows = [row.receipt for row in listed.context["cl"].result_list]
    assert (rows[0], rows[-1]) == (late.receipt, done.receipt)
    assert "2 days overdue" in listed.content.decode()
    assert "2 inquiries are waiting for an answer. Overdue: 1" in first_page
    assert list(only_late.context["cl"].result_list) == [late]


@pytest.mark.parametrize("page", ["change", "answer", "close"])
def test_every_look_is_recorded(client: Client, editor: User, page: str):
    inquiry = InquiryFactory()

    assert client.get(address(page, inquiry)).status_code == 200

    subjects = AccessRecord.objects.get().subjects.values_list("label", "object_id")
    assert list(subjects) == [("pages.inquiry", inquiry.pk)]


@pytest.mark.parametrize("role", ["translator_en", "reviewer", "forum_manager", "administrator"])
def test_who_may_not_answer_sees_nothing(client: Client, role: str):
    OfficeFactory()
    sign_in_staff(client, member(role))
    inquiry = InquiryFactory()

    for page in ("change", "answer", "close"):
        assert client.get(address(page, inquiry)).status_code == 403
        assert client.post(address(page, inquiry), {"text": ANSWER}).status_code == 403
    assert Inquiry.objects.get().is_open


def test_the_privacy_officer_reads_and_answers_nothing(client: Client):
    OfficeFactory()
    sign_in_staff(client, member("privacy_officer"))
    inquiry = InquiryFactory()

    assert client.get(address("change", inquiry)).status_code == 200
    assert client.get(address("answer", inquiry)).status_code == 403


def test_the_list_asks_the_same_with_one_and_with_many(client: Client, editor: User):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:pages_inquiry_changelist"))
        return len([query for query in queries if "cache" not in query["sql"]])

    InquiryFactory()
    asked()
    with_one = asked()
    InquiryFactory.create_batch(30)

    assert asked() <= with_one + 1  # the page that counts
