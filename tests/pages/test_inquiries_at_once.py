"""What many do with an inquiry at the same moment happens once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from oda_portal.mail.models import Message
from oda_portal.pages.inquiring import actions
from oda_portal.pages.models import Inquiry
from oda_portal.privacy import consent_texts
from oda_portal.privacy.consents import current_texts
from oda_portal.privacy.models import Consent
from tests.factories import InquiryFactory, OfficeFactory, StaffFactory
from tests.pages.asking import said
from tests.privacy.test_at_once import MANY, at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has one writer and no row locks"
    ),
]


def test_one_form_sent_by_many_hands_is_one_question_and_one_mail(client: Client):
    OfficeFactory()
    consent_texts.load(in_force=True)
    agreed = f"yes.{current_texts(['inquiry'])[0].version}"
    form = said(client, email="citizen@example.org", consent_inquiry=agreed)

    at_once(lambda: Client().post("/en/contact/", form).status_code)

    assert Inquiry.objects.count() == Message.objects.count() == Consent.objects.count() == 1


def test_of_many_who_answer_one_does():
    OfficeFactory()
    inquiry, staff = InquiryFactory(email="citizen@example.org"), StaffFactory()

    results = at_once(
        lambda: actions.answer(Inquiry.objects.get(pk=inquiry.pk), by=staff, text="답")
    )

    assert results.count(None) == 1
    assert len(results) == MANY
    assert Message.objects.count() == 1
