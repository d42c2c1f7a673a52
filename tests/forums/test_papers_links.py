"""What a mailed link opens: for how long, for which papers, and for whom in one browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forums.models import Submission
from forums.papers import acts, mails
from oda_portal.mail.models import Message
from tests.factories import OfficeFactory
from tests.files import samples
from tests.forums.papers import (
    WRITTEN,
    a_call,
    a_closed_call,
    address,
    begin_by_mail,
    come_in,
    confirmed,
    handed_in,
    post_paper,
    post_speaker,
)
from tests.volunteers.applicants import person

pytestmark = pytest.mark.django_db

HONG = "hong@example.org"


def follow(client: Client, kind: str) -> str:
    """Where the newest mail of this kind leads."""
    return come_in(client, Message.objects.filter(kind=kind).latest("pk")).url


def told(paper: Submission) -> Submission:
    mails.received(paper)
    return paper


# --- notices about one paper --------------------------------------------------------------------


def test_a_notice_opens_its_own_paper_alone(client: Client):
    OfficeFactory()
    paper = told(handed_in(a_call(), email=HONG))
    other = confirmed(a_closed_call(), email=HONG, title="남의 것일 수 있는 발표")

    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert follow(client, "paper_received") == paper.get_absolute_url()
        post_paper(client, paper, title="새 제목")
        answers = [
            client.get(address(name, other.uuid))
            for name in ("paper_detail", "paper_edit", "paper_speaker")
        ]
        answers.append(client.post(address("paper_withdraw", other.uuid)))
        listed = client.get(address("paper_list"))

    assert {answer.url for answer in answers} == {address("paper_list")}
    assert "남의 것" not in listed.content.decode()
    assert "form" in listed.context
    for row, state in ((paper, "submitted"), (other, "confirmed")):
        row.refresh_from_db()
        assert row.state == state
    assert paper.title == "새 제목"


def test_a_notice_proves_no_address(client: Client):
    OfficeFactory()
    told(handed_in(a_call(), email=HONG))
    follow(client, "paper_received")
    typed = {"email": HONG, "password1": "a-long-Passw0rd!", "password2": "a-long-Passw0rd!"}
    typed |= {"preferred_language": "ko", "old_enough": "on"}

    client.post(reverse("account_signup"), typed)

    assert not EmailAddress.objects.get(email=HONG).verified
    assert not Submission.objects.exclude(user=None).exists()


def test_a_link_that_was_asked_for_proves_the_address(client: Client):
    OfficeFactory()
    handed_in(a_call(), email=HONG)
    mails.own_papers(email=HONG, language="ko")
    assert follow(client, "paper_link") == address("paper_list")
    typed = {"email": HONG, "password1": "a-long-Passw0rd!", "password2": "a-long-Passw0rd!"}
    typed |= {"preferred_language": "ko", "old_enough": "on"}

    client.post(reverse("account_signup"), typed)

    assert EmailAddress.objects.get(email=HONG).verified


def test_a_notice_of_an_earlier_state_is_for_reading(client: Client):
    paper = told(handed_in(a_closed_call(), email=HONG))
    follow(client, "paper_received")
    paper.accept(by=None)
    paper.slides.save("a.pdf", ContentFile(samples.pdf()))

    shown = client.get(paper.get_absolute_url())
    for name in ("paper_withdraw", "paper_speaker", "paper_slides_remove"):
        assert client.post(address(name, paper.uuid)).url == paper.get_absolute_url()

    paper.refresh_from_db()
    assert (paper.state, bool(paper.slides)) == ("accepted", True)
    assert address("paper_withdraw", paper.uuid) not in shown.content.decode()
    assert f'href="{address("paper_list")}"' in shown.content.decode()
    # The newest one goes on where it stands, after confirming as well.
    mails.result(paper)
    follow(client, "paper_result")
    post_speaker(client, paper)
    post_speaker(client, paper, name_en="Gildong Hong")
    paper.refresh_from_db()
    assert (paper.state, paper.profile["en"]["name"]) == ("confirmed", "Gildong Hong")


# --- accounts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["paper_received", "paper_link", "paper_begin"])
def test_what_an_account_holds_is_opened_by_signing_in(client: Client, kind: str):
    forum, user = a_call(), person(email=HONG)
    state = "draft" if kind == "paper_begin" else "submitted"
    paper = told(handed_in(forum, email=HONG, user=user, state=state, title="제목"))
    mails.own_papers(email=HONG, language="ko")
    mails.begin(forum, email=HONG, language="ko")

    assert follow(client, kind).startswith(reverse(settings.LOGIN_URL))
    for name in ("paper_detail", "paper_edit", "paper_withdraw"):
        assert client.post(address(name, paper.uuid), WRITTEN).status_code in (302, 404, 405)
        assert client.get(address(name, paper.uuid)).status_code in (302, 404)
    assert "제목" not in client.get(address("paper_list")).content.decode()
    paper.refresh_from_db()
    assert (paper.state, paper.title) == (state, "제목")

    client.force_login(user)
    assert client.get(follow(client, kind)).status_code == 200
    assert client.get(address("paper_detail", paper.uuid)).status_code == 200


def test_the_draft_of_an_account_is_not_begun_again_with_its_address(client: Client):
    forum = a_call()
    handed_in(forum, email=HONG)
    mails.own_papers(email=HONG, language="ko")
    follow(client, "paper_link")
    draft = acts.begin(forum, email=HONG, language="ko", by=person(email=HONG))

    answer = client.post(address("paper_call", forum.slug), {"old_enough": "on"})

    assert answer.url.startswith(reverse(settings.LOGIN_URL))
    assert str(draft.uuid) in answer.url


def test_whoever_signs_in_has_nothing_of_what_was_opened_before(client: Client):
    forum = a_call()
    draft = begin_by_mail(client, forum, "a@example.org")
    sent = told(handed_in(forum, email="c@example.org"))
    follow(client, "paper_received")
    assert client.get(address("paper_edit", draft.uuid)).status_code == 200
    assert client.get(address("paper_detail", sent.uuid)).status_code == 200

    client.force_login(person(email="b@example.org"))

    for paper in (draft, sent):
        assert client.get(address("paper_edit", paper.uuid)).status_code == 404
        assert client.post(address("paper_withdraw", paper.uuid)).status_code == 404
    assert not client.get(address("paper_list")).context["papers"]
    assert Submission.objects.count() == 2


def test_a_link_to_another_address_works_while_signed_in(client: Client):
    client.force_login(person(email="b@example.org"))
    paper = acts.begin(a_call(), email="second@example.org", language="ko")
    mails.own_papers(email="second@example.org", language="ko")

    follow(client, "paper_link")

    assert client.get(address("paper_edit", paper.uuid)).status_code == 200


# --- mailboxes ----------------------------------------------------------------------------------


def test_one_mailbox_gets_so_many_links_however_its_address_is_written(client: Client):
    page = address("paper_call", a_call().slug)

    for number in range(mails.LINKS_A_DAY + 4):
        typed = {"email": f"hong+{number}@example.org", "old_enough": "on"}
        answer = client.post(page, typed, REMOTE_ADDR=f"10.0.0.{number}")
        assert answer.status_code == 200

    assert Message.objects.filter(kind="paper_begin").count() == mails.LINKS_A_DAY
