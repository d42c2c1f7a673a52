"""How long inquiries are kept, what a person gets of them, and that nobody reads them otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import connection
from django.utils import timezone

from oda_portal.mail.models import Message
from oda_portal.pages.inquiring import actions
from oda_portal.pages.models import Inquiry
from oda_portal.privacy.registry import entry_of
from oda_portal.privacy.retention import destroy_due
from tests.factories import InquiryFactory, OfficeFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def answered(ago: int, **values) -> Inquiry:
    inquiry = InquiryFactory(**values)
    actions.answer(inquiry, by=StaffFactory(), text="답")
    Inquiry.objects.filter(pk=inquiry.pk).update(answered_at=timezone.now() - timedelta(days=ago))
    return inquiry


def test_inquiries_go_a_year_after_their_answer_with_their_mails():
    OfficeFactory()
    old = answered(352, email="a@example.org")
    young, waiting = answered(286), InquiryFactory()
    Inquiry.objects.filter(pk=waiting.pk).update(received_at=timezone.now() - timedelta(days=900))

    destroy_due()  # the notice
    with time_machine.travel(timezone.now() + timedelta(days=14)):
        destroy_due()

    assert set(Inquiry.objects.all()) == {young, waiting}
    assert not Message.objects.filter(about_id=old.pk).exists()


def test_words_cannot_be_read_in_the_table():
    OfficeFactory()
    answered(1, text="비밀스러운 물음")

    with connection.cursor() as cursor:
        cursor.execute("SELECT text, answer FROM pages_inquiry")
        stored = cursor.fetchone()

    assert "비밀" not in stored[0]
    assert stored[1] != "답"


def test_a_person_gets_what_was_sent_with_an_address_that_is_proved():
    user = UserFactory(email="me@example.org")
    EmailAddress.objects.create(user=user, email="me@example.org", verified=True)
    EmailAddress.objects.create(user=user, email="claimed@example.org", verified=False)
    mine = InquiryFactory(email="Me@example.org", text="내 물음")
    others = InquiryFactory(email="claimed@example.org")
    entry = entry_of("pages.inquiry")

    given = entry.export(user)
    entry.close(user)

    assert [row["text"] for row in given] == ["내 물음"]
    assert list(Inquiry.objects.all()) == [others]
    assert mine.receipt in {row["receipt"] for row in given}
