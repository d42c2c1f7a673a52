"""Asking the office: what is kept, what is refused, and what the sender gets."""

from __future__ import annotations

import re
from datetime import date

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from oda_portal.mail.models import Message
from oda_portal.pages.models import Inquiry
from oda_portal.privacy.consents import current_texts
from oda_portal.privacy.models import Consent
from tests.consents import texts_in_force
from tests.factories import DepartmentFactory, OfficeFactory
from tests.letters import delivered
from tests.pages.asking import ask, said, stamp

pytestmark = pytest.mark.django_db
ADDRESS = "citizen@example.org"


@pytest.fixture(autouse=True)
def _portal() -> None:
    cache.clear()
    OfficeFactory()
    texts_in_force()


def agreed() -> str:
    return f"yes.{current_texts(['inquiry'])[0].version}"


def with_address(**values: str) -> dict[str, str]:
    return {"email": ADDRESS, "consent_inquiry": agreed(), **values}


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_a_question_without_an_address_leads_to_its_receipt_number(client: Client, prefix: str):
    answer = ask(client, f"{prefix}/contact/", text="첫째 줄\r\n둘째 줄")

    inquiry = Inquiry.objects.get()
    assert answer.status_code == 302
    assert answer.url == f"{prefix}/contact/{inquiry.receipt}/"
    assert (inquiry.text, inquiry.email) == ("첫째 줄\n둘째 줄", "")
    assert inquiry.language == (prefix[1:] or "ko")
    page = client.get(answer.url)
    assert inquiry.receipt in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert "둘째 줄" not in page.content.decode()
    assert not Message.objects.exists()
    assert not Consent.objects.exists()


def test_receipt_numbers_are_not_to_be_guessed(client: Client):
    ask(client, text="One?")
    ask(client, text="Two?")

    numbers = Inquiry.objects.values_list("receipt", flat=True)
    assert len(set(numbers)) == 2
    assert all(re.fullmatch(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){2}", number) for number in numbers)
    assert client.get("/contact/AAAA-AAAA-AAAA/").status_code == 404


def test_whoever_leaves_an_address_gets_number_and_day_in_their_language(client: Client):
    with time_machine.travel("2026-12-18 10:00+09:00", tick=False):
        ask(client, "/zh-hans/contact/", **with_address())

    inquiry, message = Inquiry.objects.get(), Message.objects.get()
    assert inquiry.due_on == date(2027, 1, 5)
    assert (message.to, message.language, message.kind) == (ADDRESS, "zh-hans", "inquiry_received")
    (letter,) = delivered()
    assert "2027年1月5日" in letter.body
    assert f"http://localhost:8000/zh-hans/contact/{inquiry.receipt}/" in letter.body
    # Whoever may look at mails need not be one of those who may look at inquiries.
    message.refresh_from_db()
    assert (message.context, message.path, message.sealed_context) == ({}, "", None)
    consent = Consent.objects.about(inquiry).get()
    assert (consent.kind, consent.given, consent.language) == ("inquiry", True, "zh-hans")


def test_the_form_says_by_when_it_is_answered_and_whom_to_call(client: Client):
    DepartmentFactory(name_en="Development cooperation", telephone="051-000-0000")

    with time_machine.travel("2026-12-18 10:00+09:00", tick=False):
        page = client.get("/en/contact/").content.decode()

    assert "10 working days" in page
    assert "5 January 2027" in page
    assert "Development cooperation" in page
    assert 'href="tel:051-000-0000"' in page


def test_the_form_is_never_kept(client: Client):
    page = client.get("/contact/")

    assert "no-store" in page.headers["Cache-Control"]
    assert "csrfmiddlewaretoken" in page.content.decode()


def test_the_form_needs_its_token():
    strict = Client(enforce_csrf_checks=True)

    assert ask(strict).status_code == 403
    assert not Inquiry.objects.exists()


def test_the_same_form_sent_again_is_the_same_question(client: Client):
    form = said(client, **with_address())

    answers = {client.post("/en/contact/", form).url for _time in range(7)}

    assert len(answers) == Inquiry.objects.count() == Message.objects.count() == 1


def test_a_form_changed_after_going_back_is_another_question(client: Client):
    form = said(client)

    client.post("/en/contact/", form)
    client.post("/en/contact/", {**form, "text": "And the one after it?"})

    assert Inquiry.objects.count() == 2


# --- what is refused, with everything still on the page ------------------------------------------


def refused(client: Client, **values: str) -> str:
    answer = ask(client, **values)
    assert answer.status_code == 200
    assert not Inquiry.objects.exists()
    assert not Message.objects.exists()
    return answer.content.decode()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"text": ""}, "Fill in this field."),
        ({"text": " \n "}, "Fill in this field."),
        ({"topic": "nothing"}, "is not one of the choices"),
        ({"topic": ""}, "Choose one."),
        ({"text": "number 900101-1234567"}, "resident registration number"),
        ({"text": "nul \x00"}, "Null characters are not allowed."),
        ({"website": "https://spam.example"}, "must stay empty"),
        ({"email": "nobody", "consent_inquiry": "yes.1"}, "Enter an email address"),
        ({"email": "a@b.example\nBcc: c@d.example", "consent_inquiry": "yes.1"}, "Enter an email"),
        ({"email": "a@b.example,c@d.example", "consent_inquiry": "yes.1"}, "Enter an email"),
        ({"email": ADDRESS}, "we need your consent"),
        ({"email": ADDRESS, "consent_inquiry": "no.1"}, "we need your consent"),
        ({"email": ADDRESS, "consent_inquiry": "yes.99"}, "This text changed on"),
        ({"stamp": "forged"}, "This page was open for too long"),
        ({"stamp": "a:b:c"}, "This page was open for too long"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(client: Client, values, sentence):
    assert sentence in refused(client, **values)


def test_a_text_that_is_too_long_is_counted_and_stays(client: Client):
    text = "가" * 9_999 + "끝"

    page = refused(client, text=text)

    assert "7,000 characters too long" in page
    assert text in page
    assert "maxlength" not in re.search(r"<textarea[^>]*>", page)[0]


def test_three_thousand_characters_fit_however_lines_end(client: Client):
    ask(client, text="\r\n".join("x" * 59 for _line in range(50)))

    assert len(Inquiry.objects.get().text) == 59 * 50 + 49


def test_a_form_sent_at_once_is_not_taken_and_then_is(client: Client):
    at_once = stamp(client, ago=0)

    page = refused(client, stamp=at_once, text="Quick?")

    assert "That was very quick" in page
    assert "Quick?" in page
    assert f'value="{at_once}"' in page  # so that the second time it is old enough


def test_a_form_of_yesterday_gets_a_new_stamp(client: Client):
    old = stamp(client, ago=25 * 3600)

    page = refused(client, stamp=old, text="Slow?")

    assert "Slow?" in page
    assert f'value="{old}"' not in page


def test_there_is_a_limit_across_processes_and_nothing_is_lost(client: Client):
    for number in range(5):
        assert ask(client, text=f"Question {number}?").status_code == 302

    answer = ask(client, text="One too many?")

    assert answer.status_code == 429
    assert "One too many?" in answer.content.decode()
    assert Inquiry.objects.count() == 5


def test_nobody_fills_somebody_elses_letter_box(client: Client):
    for number in range(5):
        remote = {"REMOTE_ADDR": f"192.0.2.{number}"}
        client.post("/en/contact/", said(client, text=f"No {number}", **with_address()), **remote)

    assert Inquiry.objects.count() == 5
    assert Message.objects.count() == 3


def test_without_a_consent_text_no_address_is_asked(client: Client):
    from oda_portal.privacy.models import ConsentText

    ConsentText.objects.all().delete()

    page = client.get("/en/contact/").content.decode()
    ask(client, email=ADDRESS)

    assert 'name="email"' not in page
    assert Inquiry.objects.get().email == ""


# --- the page of the receipt number ----------------------------------------------------------------


def test_the_sender_can_take_the_consent_back(client: Client):
    page = ask(client, **with_address()).url

    client.get(page)
    assert Inquiry.objects.get().email == ADDRESS
    client.post(page)
    client.post(page)

    inquiry = Inquiry.objects.get()
    assert inquiry.email == ""
    assert not Message.objects.exists()
    assert list(Consent.objects.about(inquiry).values_list("given", flat=True)) == [False, True]


def test_nobody_tries_receipt_numbers_one_after_another(client: Client):
    codes = {client.get(f"/contact/{number:04}-AAAA-AAAA/").status_code for number in range(121)}

    assert codes == {404, 429}


@pytest.mark.parametrize("number", ["x" * 5000, "%00", "1' OR '1'='1", "<script>"])
def test_numbers_that_are_none_are_not_found(client: Client, number: str):
    assert client.get(f"/contact/{number}/").status_code in (400, 404)
