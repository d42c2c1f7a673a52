"""The personal data in inquiries: how long they are kept, and what a person gets of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from oda_portal.pages.models import Inquiry
from oda_portal.privacy.consents import when_taken_back
from oda_portal.privacy.destruction import BY_PERSON, destroy_all, destroy_row
from oda_portal.privacy.models import Kind
from oda_portal.privacy.registry import Addressee, PersonalData, register

from .actions import without_address

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

INQUIRY = "pages.inquiry"


def register_all() -> None:
    register(
        PersonalData(
            key=INQUIRY,
            label=_("Your inquiries"),
            model=Inquiry,
            born="received_at",
            purpose=_("Answering questions, and looking up what was answered"),
            days=365,
            notice_days=14,
            due=lambda before: Inquiry.objects.over_before(before),
            destroy=destroy_row,
            of=_of,
            person="email",
            addressee=lambda inquiry: Addressee(inquiry.email, inquiry.language),
            anonymous=lambda inquiry: not inquiry.email,
            export=_inquiries,
            close=_close,
        )
    )
    when_taken_back(INQUIRY, Kind.INQUIRY, without_address)


def _of(user: User) -> QuerySet[Inquiry]:
    """Sent with an address that the account has proved to be its own."""
    own, proved = Q(pk__in=[]), EmailAddress.objects.filter(user=user, verified=True)
    for address in proved.values_list("email", flat=True):
        own |= Q(email__iexact=address)
    return Inquiry.objects.filter(own)


def _close(user: User) -> None:
    destroy_all(INQUIRY, _of(user), rule=BY_PERSON)


def _inquiries(user: User) -> list[dict[str, Any]]:
    return [
        {
            "receipt": row.receipt,
            "topic": row.topic,
            "text": row.text,
            "email": row.email,
            "state": row.state,
            "received_at": row.received_at,
            "answer": row.answer,
            "answered_at": row.answered_at,
        }
        for row in _of(user).order_by("pk")
    ]
