"""The personal data of the network’s people: how long each is kept, and how it goes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.db import models
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.destruction import BY_PERSON, destroy_all, destroy_row
from oda_portal.privacy.registry import Addressee, PersonalData, register

from ..models import Invitation, Membership, Suggestion

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

YEAR = 365
ENDED, REFUSED = "partners.membership", "partners.membership_refused"
INVITATION, SUGGESTION = "partners.invitation", "partners.suggestion"
State = Membership.State


def register_all() -> None:
    _register_memberships()
    _register_requests()


def _register_memberships() -> None:
    register(
        PersonalData(
            key=ENDED,
            label=_("Memberships of the network that have ended"),
            model=Membership,
            born="asked_at",
            purpose=_("Knowing who acted for a member organisation"),
            days=YEAR,
            notice_days=30,
            due=lambda before: _over(State.ENDED, before),
            destroy=destroy_row,
            of=Membership.objects.of,
            person="user",
            addressee=_member,
            given_as="partners.memberships",
            export=_memberships,
            close=_close_memberships,
            position=40,
        )
    )
    register(
        PersonalData(
            key=REFUSED,
            label=_("Requests to join the network that were not approved"),
            model=Membership,
            born="asked_at",
            purpose=_("Answering questions about the decision"),
            days=183,
            notice_days=30,
            due=lambda before: _over(State.REFUSED, before),
            destroy=destroy_row,
            person="user",
            addressee=_member,
            position=40,
        )
    )


def _register_requests() -> None:
    """What was asked: by the office, and by members."""
    register(
        PersonalData(
            key=INVITATION,
            label=_("Invitations to the network"),
            model=Invitation,
            born="invited_at",
            purpose=_("Inviting people whom an organisation named"),
            days=90,
            due=lambda before: Invitation.objects.filter(invited_at__lt=before),
            destroy=destroy_row,
            of=_sent_to,
            person="email",
            given_as="partners.invitations",
            export=_invitations,
            close=_close_invitations,
            position=40,
        )
    )
    register(
        PersonalData(
            key=SUGGESTION,
            label=_("Changes that members suggested"),
            model=Suggestion,
            born="suggested_at",
            purpose=_("Deciding about the change, and knowing who asked for it"),
            days=YEAR,
            due=lambda before: Suggestion.objects.filter(decided_at__lt=before),
            destroy=destroy_row,
            of=Suggestion.objects.of,
            person="by",
            given_as="partners.suggestions",
            export=_suggestions,
            close=_close_suggestions,
            position=39,
        )
    )


def _over(state: str, before: datetime) -> models.QuerySet[Membership]:
    return Membership.objects.filter(state=state, ended_at__lt=before)


def _member(row: Membership) -> Addressee:
    return Addressee.of(row.user)


def _memberships(user: User) -> list[dict[str, Any]]:
    columns = (
        "organisation__slug", "post", "telephone", "in_directory", "state", "asked_at",
        "approved_at", "ended_at",
    )  # fmt: skip
    return list(Membership.objects.of(user).values(*columns))


def _sent_to(user: User) -> models.QuerySet[Invitation]:
    verified = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return Invitation.objects.to_addresses(list(verified))


def _invitations(user: User) -> list[dict[str, Any]]:
    columns = ("organisation__slug", "email", "state", "invited_at", "ended_at")
    return list(_sent_to(user).values(*columns))


def _suggestions(user: User) -> list[dict[str, Any]]:
    columns = (
        "content_type__model", "object_id", "was", "wanted", "note", "state", "suggested_at",
        "decided_at", "answer",
    )  # fmt: skip
    return list(Suggestion.objects.of(user).values(*columns))


def _close_memberships(user: User) -> None:
    destroy_all(ENDED, Membership.objects.of(user), rule=BY_PERSON)


def _close_invitations(user: User) -> None:
    destroy_all(INVITATION, _sent_to(user), rule=BY_PERSON)


def _close_suggestions(user: User) -> None:
    destroy_all(SUGGESTION, Suggestion.objects.of(user), rule=BY_PERSON)
