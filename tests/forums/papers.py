"""Calls for papers and what speakers type, for the tests of papers and topics."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from forums.models import Forum, Submission
from oda_portal.languages import bare_path
from oda_portal.mail import links
from oda_portal.mail.models import Message
from oda_portal.privacy import consent_texts, consents
from oda_portal.privacy.models import Kind
from tests.factories import ForumFactory, SubmissionFactory

WRITTEN = {
    "name": "홍길동",
    "affiliation": "부산대학교",
    "language": "ko",
    "title": "마을의 물: 세 해 동안 배운 것",
    "abstract": "우물 세 곳을 고치며 알게 된 것을 나눕니다.",
    "consent_paper": "yes.1",
}
NAMED = {
    "name_ko": "홍길동",
    "post_ko": "부산대학교 교수",
    "bio_ko": "물을 연구한다.",
    "name_en": "Hong Gildong",
    "post_en": "Professor, Pusan National University",
    "bio_en": "",
    "name_zh_hans": "",
    "post_zh_hans": "",
    "bio_zh_hans": "",
    "consent_speaker": "yes.1",
}


def a_call(**fields: Any) -> Forum:
    """An edition whose call for papers is open for another week; the consents are in force."""
    consent_texts.load(in_force=True)
    now = timezone.now()
    times = {
        "papers_open_at": now - timedelta(days=1),
        "papers_close_at": now + timedelta(days=7),
        "papers_released_at": now + timedelta(days=14),
    }
    return ForumFactory(**{**times, **fields})


def a_closed_call(**fields: Any) -> Forum:
    """Over since an hour, decisions in a week."""
    now = timezone.now()
    times = {
        "papers_open_at": now - timedelta(days=9),
        "papers_close_at": now - timedelta(hours=1),
        "papers_released_at": now + timedelta(days=7),
    }
    return a_call(**{**times, **fields})


def a_meet_up(**fields: Any) -> Forum:
    times = {"papers_close_at": None, "papers_released_at": None}
    return a_call(**{"kind": "meet_up", **times, **fields})


def handed_in(forum: Forum, **fields: Any) -> Submission:
    values = {"state": "submitted", "sent_at": timezone.now(), "abstract": "초록"}
    return SubmissionFactory(forum=forum, **{**values, **fields})


def confirmed(forum: Forum, **fields: Any) -> Submission:
    """Accepted, confirmed, named in two languages, and agreed to."""
    words = {"name": "홍길동", "post": "교수", "bio": "물을 연구한다."}
    profile = {"ko": words, "en": {"name": "Hong Gildong", "post": "Professor", "bio": ""}}
    values = {"state": "confirmed", "profile": profile, "profile_at": timezone.now()}
    paper = handed_in(forum, **{**values, **fields})
    agree(paper)
    return paper


def agree(paper: Submission) -> None:
    text = consents.current_texts([Kind.SPEAKER])[0]
    consents.give(paper, text, given=True, by=paper.user)


def address(name: str, *args: Any, language: str = "ko") -> str:
    with translation.override(language):
        return reverse(f"forums:{name}", args=args)


def come_in(client: Client, message: Message) -> Any:
    """Follow the link of a mail and press its button; where that leads."""
    return client.post(bare_path(links.issue(message).removeprefix(settings.SITE_URL)))


def begin_by_mail(client: Client, forum: Forum, email: str = "hong@example.org") -> Submission:
    """From the page of the call through the mail to one's own draft."""
    page = address("paper_call", forum.slug)
    assert client.post(page, {"email": email, "old_enough": "on"}).status_code == 200
    come_in(client, Message.objects.get(kind="paper_begin", to=email))
    return Submission.objects.get(forum=forum, email=email)


def post_paper(client: Client, paper: Submission, hands_in: bool = True, **changes: str) -> Any:
    """Send the form of a paper as its page gives it."""
    page = address("paper_edit", paper.uuid)
    seen = client.get(page).context["seen"]
    button = {"submit": "1"} if hands_in else {}
    return client.post(page, {**WRITTEN, "seen": seen, **button, **changes})


def post_speaker(client: Client, paper: Submission, **changes: Any) -> Any:
    page = address("paper_speaker", paper.uuid)
    seen = client.get(page).context["seen"]
    return client.post(page, {**NAMED, "seen": seen, **changes})
