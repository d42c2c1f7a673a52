"""Mail in the back office: what staff see of it, what never, and what they decide."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition
from oda_portal.mail.models import MailTemplate, Message
from oda_portal.mail.outbox import post
from oda_portal.mail.rendering import STYLE_HASH
from oda_portal.privacy.models import AccessRecord
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.factories import OfficeFactory, StaffFactory
from tests.letters import delivered
from tests.mail.examples import a_mail, a_secret_mail
from tests.mail.test_upkeep import end
from tests.privacy.showing import shown_for_a_reason

pytestmark = pytest.mark.django_db
OUTBOX = "/en/admin/mail/message/"
TEXTS = "/en/admin/mail/mailtemplate/"


@pytest.fixture(autouse=True)
def _office() -> None:
    OfficeFactory()


def staff(client: Client, *codenames: str) -> User:
    person = StaffFactory(is_superuser=not codenames)
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    sign_in_staff(client, person)
    return person


def page(message: Message) -> str:
    return f"{OUTBOX}{message.pk}/change/"


def act(message: Message, name: str) -> str:
    return reverse(f"admin:mail_message_{name}", args=[message.pk])


# --- seeing -------------------------------------------------------------------------------------


def test_outbox_shows_what_was_said_and_leaves_a_look(client: Client):
    staff(client)
    message = end(a_mail(name="홍길동", language="ko"), "failed")

    listed = client.get(OUTBOX).content.decode()
    masked = client.get(page(message)).content.decode()
    text = shown_for_a_reason(client, page(message)).content.decode()

    for shown in ("Emails that were not sent", "p••••@example.org", "Failed", "550 no"):
        assert shown in listed
    assert "실패 3건" not in masked
    assert "person@example.org" not in listed + masked
    for shown in ("홍길동 님, 안녕하세요.", "실패 3건", "550 no"):
        assert shown in text
    assert 'name="_save"' not in text
    assert AccessRecord.objects.filter(what__startswith="mail.message").count() == 3


def test_outbox_never_shows_a_secret_whatever_became_of_the_mail(client: Client):
    staff(client)
    for state in ("queued", "failed", "unknown", "sent"):
        message = a_secret_mail()
        if state in ("failed", "unknown"):
            end(message, state)
        elif state == "sent":
            delivered()

        for address in (OUTBOX, page(message), f"{OUTBOX}{message.pk}/history/"):
            text = client.get(address, follow=True).content.decode()
            assert "1-secret" not in text
            assert "password/reset/key" not in text
    text = shown_for_a_reason(client, page(message)).content.decode()
    assert "is not shown" in text
    assert "1-secret" not in text


def test_outbox_hides_a_personal_link(client: Client, own_kind):
    staff(client)
    own_kind("Link", "Follow it: {personal_link}", personal=True)
    message = post("test_kind", to="a@example.org", language="en", context={})
    letter = delivered()[0]
    token = re.search(r"/mail/([\w-]+)/", letter.body)[1]

    text = shown_for_a_reason(client, page(message)).content.decode()

    assert "Follow it: [personal link]" in text
    assert token not in text
    assert message.__class__.objects.get().link_hash not in text


def test_outbox_is_filtered_by_what_does_not_go_out(client: Client):
    staff(client)
    end(a_mail("failed@example.org"), "failed")
    a_secret_mail("waits@example.org")

    def found(query: str) -> set[str]:
        rows = client.get(OUTBOX + query).context["cl"].result_list
        return {row.to.partition("@")[0] for row in rows}

    both = {"failed", "waits"}
    own = found("?state__exact=in_flight")
    assert found("") - own == both
    assert found("?state__exact=failed") - own == {"failed"}
    assert found("?unsent=decide") - own == {"failed"}
    assert found("?mail=password_reset") - own == {"waits"}
    assert found("?language__exact=ko") - own == set()
    assert found("?unsent=week") - own == set()


def test_outbox_is_for_those_who_may_see_it(client: Client):
    staff(client, "view_program")
    message = end(a_mail(), "failed")

    for address in (OUTBOX, page(message), act(message, "send_again"), act(message, "arrived")):
        assert client.get(address).status_code == 403


def test_who_may_only_look_cannot_decide(client: Client):
    staff(client, "view_message")
    message = end(a_mail(), "unknown")

    text = client.get(page(message)).content.decode()

    assert "send-again" not in text
    for name in ("send_again", "arrived"):
        assert client.post(act(message, name)).status_code == 403
    message.refresh_from_db()
    assert message.state == "unknown"


def test_nothing_of_a_mail_can_be_added_edited_or_deleted(client: Client):
    staff(client)
    message = a_mail()

    assert client.get(f"{OUTBOX}add/").status_code == 403
    assert client.post(page(message), {"to": "eve@example.org"}).status_code == 403
    assert client.post(f"{OUTBOX}{message.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Message.objects.get().to == "person@example.org"


# --- deciding -----------------------------------------------------------------------------------


def test_a_failed_mail_is_sent_again_once_with_the_same_number(client: Client):
    person = staff(client, "change_message")
    message = end(a_mail(), "failed")
    asked = client.get(act(message, "send_again"))
    assert asked.status_code == 200
    assert Message.objects.get().state == "failed"

    client.post(act(message, "send_again"), {"reason": "address checked"})
    client.post(act(message, "send_again"))

    (letter,) = delivered()
    assert str(message.message_id) in letter.extra_headers["Message-ID"]
    trail = Transition.objects.get(to_state="queued")
    assert (trail.from_state, trail.by, trail.reason) == ("failed", person, "address checked")
    message.refresh_from_db()
    assert message.state == "sent"


def test_an_unknown_mail_is_marked_as_arrived_and_never_sent(client: Client):
    person = staff(client, "change_message")
    message = end(a_secret_mail(), "unknown")

    client.post(act(message, "arrived"))
    client.post(act(message, "send_again"))

    message.refresh_from_db()
    assert (message.state, message.sealed_context) == ("sent", None)
    assert delivered() == []
    assert Transition.objects.get(to_state="sent").by == person


def test_a_sent_mail_cannot_be_sent_again(client: Client):
    staff(client)
    message = a_mail()
    delivered()

    client.post(act(message, "send_again"))
    client.post(act(message, "arrived"))

    assert len(delivered()) == 1
    assert not Transition.objects.filter(to_state="queued").exists()


def test_selected_failed_mails_are_sent_again_after_one_question(client: Client):
    staff(client)
    failed = [end(a_mail(f"p{n}@example.org"), "failed") for n in range(2)]
    unknown = end(a_mail("unknown@example.org"), "unknown")
    chosen = {
        "action": "send_selected_again",
        "_selected_action": [row.pk for row in (*failed, unknown)],
    }

    asked = client.post(OUTBOX, chosen).content.decode()
    assert "2 emails failed and will be sent again" in asked
    assert "p••••@" not in asked  # short names show nothing at all
    assert asked.count("••••@example.org") == 2
    assert "p0@example.org" not in asked
    assert Message.objects.filter(state="failed").count() == 2
    client.post(OUTBOX, {**chosen, "sure": "yes"})

    assert {letter.to[0] for letter in delivered()} == {"p0@example.org", "p1@example.org"}
    unknown.refresh_from_db()
    assert unknown.state == "unknown"


def test_first_page_reminds_of_what_was_not_sent(client: Client):
    staff(client)
    assert "Outcome unknown" not in client.get("/en/admin/").content.decode()
    end(a_secret_mail(), "unknown")

    text = client.get("/en/admin/").content.decode()

    assert "Failed: 0. Outcome unknown: 1. Please see the outbox." in text


# --- texts --------------------------------------------------------------------------------------


def test_all_texts_are_on_one_page_and_lead_to_their_forms(client: Client):
    staff(client)

    text = client.get(TEXTS).content.decode()
    form = client.get(f"{TEXTS}add/?kind=password_reset&language=ko").content.decode()

    assert "?kind=password_reset&amp;language=zh-hans" in text
    assert "重设密码" in text
    assert "비밀번호 다시 정하기" in form
    assert "{link}" in form


def test_an_own_text_is_saved_used_and_kept_in_history(client: Client):
    staff(client)
    form = client.get(f"{TEXTS}add/?kind=staff_mail_failed&language=en")

    client.post(
        f"{TEXTS}add/?kind=staff_mail_failed&language=en",
        filled(form, subject="Look here", body="{failed} failed, {unknown} unknown."),
    )

    row = MailTemplate.objects.get()
    assert (row.kind, row.language, row.history.count()) == ("staff_mail_failed", "en", 1)
    a_mail(name="Kim")
    (letter,) = delivered()
    assert letter.subject == "Look here"
    assert "3 failed, 1 unknown.\n\nhttp://localhost:8000/en/about/" in letter.body
    assert "changed by the office" in client.get(TEXTS).content.decode()


@pytest.mark.parametrize("body", ["{nothing}", "{failed.__class__}", "{failed!r}", "{", "{{x}}"])
def test_a_text_with_an_unknown_placeholder_is_refused(client: Client, body: str):
    staff(client)
    address = f"{TEXTS}add/?kind=staff_mail_failed&language=en"

    answer = client.post(address, filled(client.get(address), subject="S", body=body))

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["body"]
    assert not MailTemplate.objects.exists()


def test_a_text_without_its_link_is_refused(client: Client):
    staff(client)
    address = f"{TEXTS}add/?kind=password_reset&language=en"

    answer = client.post(address, filled(client.get(address), subject="S", body="Nothing"))

    assert "must contain the placeholder {link}" in answer.content.decode()


def test_a_text_for_a_mail_that_does_not_exist_cannot_be_added(client: Client):
    staff(client)

    for query in ("", "?kind=nothing&language=en", "?kind=password_reset&language=xx"):
        assert client.get(f"{TEXTS}add/{query}").url == TEXTS
    assert not MailTemplate.objects.exists()


def test_preview_shows_text_and_html_and_saves_nothing(client: Client):
    staff(client)

    answer = client.post(
        f"{TEXTS}preview/",
        {"kind": "staff_mail_failed", "language": "ko", "subject": "제목 {failed}",
         "body": "<script>alert(1)</script> {unknown}"},
    )  # fmt: skip

    text = answer.content.decode()
    assert "제목 2" in text
    assert "<script>alert" not in text
    assert "sandbox" in text
    assert STYLE_HASH in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not MailTemplate.objects.exists()


def test_preview_is_for_those_who_may_see_texts(client: Client):
    staff(client, "view_message")
    data = {"kind": "staff_mail_failed", "language": "ko", "subject": "x", "body": "y"}

    assert client.post(f"{TEXTS}preview/", data).status_code == 403
    assert client.get(f"{TEXTS}preview/").status_code == 405
    assert client.get(TEXTS).status_code == 403
