"""The personal data in proposals: who wrote them, and what people said about them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.destruction import BY_PERSON, destroy_all, destroy_row
from oda_portal.privacy.registry import Addressee, PersonalData, except_from_rules, register

from ..models import Proposal, ProposalComment

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

PROPOSAL, DRAFT = "programs.proposal", "programs.proposal.draft"
COMMENT = "programs.proposal.comment"
YEAR = 365


def register_all() -> None:
    register(
        PersonalData(
            key=PROPOSAL,
            label=_("Your name on your organisation’s proposals"),
            model=Proposal,
            born="created_at",
            purpose=_(
                "Working out joint programmes (afterwards the proposal stays without the name of"
                " the person who wrote it)"
            ),
            days=3 * YEAR,
            due=_decided,
            destroy=_forget,
            of=lambda user: Proposal.objects.filter(author=user),
            person="author",
            export=_proposals,
            close=_close_proposals,
        )
    )
    register(
        PersonalData(
            key=DRAFT,
            label=_("Drafts of proposals"),
            model=Proposal,
            born="created_at",
            purpose=_("Writing a proposal"),
            days=YEAR,
            notice_days=14,
            due=_left_alone,
            destroy=destroy_row,
            person="author",
            addressee=_author,
        )
    )
    register(
        PersonalData(
            key=COMMENT,
            label=_("Your comments on proposals"),
            model=ProposalComment,
            born="written_at",
            purpose=_("Working out joint programmes"),
            days=3 * YEAR,
            due=_said_about_decided,
            destroy=destroy_row,
            of=_own_comments,
            person="author",
            export=_comments,
            close=_close_comments,
        )
    )
    except_from_rules(
        "programs.proposalpartner",
        "an organisation takes part; who joined for it goes with the account",
    )


def _decided(before: datetime) -> QuerySet[Proposal]:
    return Proposal.objects.filter(author__isnull=False, decided_at__lt=before)


def _left_alone(before: datetime) -> QuerySet[Proposal]:
    return Proposal.objects.filter(state=Proposal.State.DRAFT, revised_at__lt=before)


def _said_about_decided(before: datetime) -> QuerySet[ProposalComment]:
    return ProposalComment.objects.filter(proposal__decided_at__lt=before)


def _forget(row: Proposal, *, rule: str = "") -> None:
    Proposal.objects.filter(pk=row.pk).update(author=None)


def _author(row: Proposal) -> Addressee | None:
    if (user := row.author) is None:
        return None
    return Addressee(user.email, user.preferred_language, user.name, user)


def _close_proposals(user: User) -> None:
    destroy_all(PROPOSAL, Proposal.objects.filter(author=user), rule=BY_PERSON)


def _own_comments(user: User) -> QuerySet[ProposalComment]:
    """What somebody wrote for the office stays the office’s, without their name."""
    return ProposalComment.objects.filter(author=user, organisation__isnull=False)


def _close_comments(user: User) -> None:
    destroy_all(COMMENT, _own_comments(user), rule=BY_PERSON)


def _proposals(user: User) -> list[dict[str, Any]]:
    columns = (
        "organisation__slug", "state", "language", "title", "place", "need", "idea",
        "partners_sought", "budget", "budget_note", "created_at", "submitted_at", "decided_at",
    )  # fmt: skip
    return list(Proposal.objects.filter(author=user).order_by("pk").values(*columns))


def _comments(user: User) -> list[dict[str, Any]]:
    columns = ("proposal__title", "organisation__slug", "language", "text", "written_at")
    rows = _own_comments(user).filter(removed_at=None)
    return list(rows.order_by("pk").values(*columns))
