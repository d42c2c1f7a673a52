"""A row of each kind whose destruction is announced, whose use is over since a moment ago."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.certificates.models import Certificate
from tests.factories import (
    ApplicationFactory,
    InquiryFactory,
    MembershipFactory,
    ProposalFactory,
    RegistrationFactory,
    SubmissionFactory,
    UserFactory,
    VolunteerFactory,
)
from volunteers.models import Application, Volunteer

# Of whoever has an account and wrote in another language: each row says what its mails speak.
ANOTHER = {"ko": "en", "en": "zh-hans", "zh-hans": "ko"}


def just_over() -> datetime:
    return timezone.now() - timedelta(minutes=1)


def long_before() -> datetime:
    return timezone.now() - timedelta(days=30)


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


def account(email: str, language: str, **values: Any) -> User:
    known = User.objects.filter(email=email).first()
    return known or UserFactory(email=email, preferred_language=language, **values)


def application(state: str) -> Callable[[str, str], models.Model]:
    def make(email: str, language: str) -> models.Model:
        user = account(email, ANOTHER[language])
        number = Application.objects.count()
        whole = {"receipt": f"{number:05}-23456", "sent_at": just_over()}
        return ApplicationFactory(
            volunteer=Volunteer.objects.filter(user=user).first() or VolunteerFactory(user=user),
            language=language,
            state=state,
            call__opens_at=long_before(),
            call__closes_at=just_over(),
            **({} if state == "draft" else whole),
        )

    return make


def paper(state: str) -> Callable[[str, str], models.Model]:
    def make(email: str, language: str) -> models.Model:
        return SubmissionFactory(
            email=email,
            language=language,
            state=state,
            state_at=just_over(),
            sent_at=None if state == "draft" else just_over(),
            forum__papers_open_at=long_before(),
            forum__papers_close_at=just_over(),
            forum__program__starts_on=yesterday(),
            forum__program__ends_on=yesterday(),
        )

    return make


def registration(email: str, language: str) -> models.Model:
    return RegistrationFactory(
        email=email,
        language=language,
        user=account(f"account.{email}", ANOTHER[language]),
        forum__program__starts_on=yesterday(),
        forum__program__ends_on=yesterday(),
    )


def membership(state: str) -> Callable[[str, str], models.Model]:
    def make(email: str, language: str) -> models.Model:
        user = account(email, language)
        return MembershipFactory(user=user, state=state, ended_at=just_over())

    return make


def inquiry(email: str, language: str) -> models.Model:
    return InquiryFactory(email=email, language=language, state="answered", answered_at=just_over())


def certificate(email: str, language: str) -> models.Model:
    return Certificate.objects.create(
        code=f"AAAA-{Certificate.objects.count():04}",
        kind="volunteers.service",
        user=account(email, language),
        name_hangul="김하늘",
        issued_at=just_over(),
    )


def draft_of_a_proposal(email: str, language: str) -> models.Model:
    return ProposalFactory(author=account(email, language), revised_at=just_over())


ENDED: dict[str, Callable[[str, str], models.Model]] = {
    "accounts.user": lambda email, language: account(email, language, joined_at=just_over()),
    "certificates.certificate": certificate,
    "forums.papers_declined": paper("declined"),
    "forums.papers_spoken": paper("confirmed"),
    "forums.papers_unsent": paper("draft"),
    "forums.registration": registration,
    "pages.inquiry": inquiry,
    "partners.membership": membership("ended"),
    "partners.membership_refused": membership("refused"),
    "programs.proposal.draft": draft_of_a_proposal,
    "volunteers.not_selected": application("not_selected"),
    "volunteers.served": application("completed"),
    "volunteers.unsent": application("draft"),
}
