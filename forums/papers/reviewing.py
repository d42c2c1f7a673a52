"""What reviewers of papers are shown. A topic of a meet-up is not reviewed."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from oda_portal.reviews import registry
from oda_portal.reviews.blinding import Identity
from oda_portal.reviews.models import Stage
from oda_portal.reviews.registry import Entry, ReviewKind, Section

from ..models import Forum, Submission


def register() -> None:
    registry.register(
        ReviewKind(
            key="forums.submission",
            label=gettext_lazy("Papers of a forum"),
            model=Submission,
            round_model=Forum,
            rounds=_rounds,
            subjects=_in_stage,
            whole=_whole,
            code=str,
            name=lambda submission: submission.name,
            material=material,
            identity=_identity,
            people=_people,
            accounts=_accounts,
            url=_url,
        )
    )


def _rounds() -> QuerySet[Forum]:
    rows = Forum.objects.filter(kind=Forum.Kind.FORUM, papers_open_at__isnull=False)
    return rows.filter(frozen_at=None).select_related("program")


def _in_stage(forum: Forum, stage: str) -> QuerySet[Submission]:
    """There is one stage alone: what was handed in is read."""
    rows = Submission.objects.filter(forum=forum).to_be_decided()
    return rows if stage == Stage.DOCUMENTS else rows.none()


def _whole(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    return rows.select_related("user", "forum__program")


def material(submission: Submission, *, blind: bool) -> list[Section]:
    written = [
        Entry(_("Title"), submission.title),
        Entry(_("Abstract"), submission.abstract),
    ]
    sections = [Section(_("What the speaker wrote"), written)]
    return sections if blind else [_person(submission), *sections]


def _person(submission: Submission) -> Section:
    rows = [
        (_("Full name"), submission.name),
        (pgettext("person", "Organisation"), submission.affiliation),
    ]
    return Section(_("Speaker"), [Entry(label, text) for label, text in rows if text])


def _identity(submission: Submission) -> Identity:
    account = submission.user
    return Identity(
        names=(submission.name, account.name if account else ""),
        emails=(submission.email, account.email if account else ""),
        affiliations=(submission.affiliation,),
    )


def _people(submission: Submission) -> list[Any]:
    return [submission, submission.user]


def _accounts(rows: QuerySet[Submission]) -> dict[int, set[int]]:
    """The account that holds it, and the one that has proved its address; two questions."""
    papers = list(rows.order_by().values_list("pk", "user", "email"))
    known = EmailAddress.objects.filter(
        verified=True, email__in={email for _p, _u, email in papers}
    )
    holders = dict(known.values_list("email", "user"))
    return {
        pk: {account for account in (user, holders.get(email)) if account is not None}
        for pk, user, email in papers
    }


def _url(submission: Submission) -> str:
    return reverse("admin:forums_submission_change", args=[submission.pk])
