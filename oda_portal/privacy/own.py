"""The personal data of the platform itself: accounts, mails, consents, requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oda_portal.accounts.models import User
from oda_portal.mail.kinds import label_of
from oda_portal.mail.models import Message
from oda_portal.mail.models import State as MailState

from .closing import ACCOUNT, belongings, obstacles, remove_everything
from .destruction import destroy_row, mails_of, wipe_mails_to
from .models import Consent, Hold, PrivacyRequest
from .registry import Addressee, PersonalData, except_from_rules, register

YEAR = 365


def register_all() -> None:
    _register_account()
    _register_mails()
    _register_proofs()
    for model, reason in EXCEPTIONS.items():
        except_from_rules(model, reason)


def _register_account() -> None:
    register(
        PersonalData(
            key=ACCOUNT,
            label=_("Your account"),
            model=User,
            born="joined_at",
            purpose=_("Signing in and following your own applications"),
            days=2 * YEAR,
            notice_days=30,
            due=_unused_accounts,
            needed=lambda user: bool(obstacles(user)),
            destroy=remove_everything,
            along=belongings,
            of=lambda user: User.objects.filter(pk=user.pk),
            person="pk",
            addressee=Addressee.of,
            export=_account,
            obstacle=_staff_stay,
            position=100,
        )
    )


def _register_mails() -> None:
    register(
        PersonalData(
            key="mail.message",
            label=_("Emails to you"),
            model=Message,
            born="queued_at",
            purpose=_("Proof of what people were told, and resending what failed"),
            days=180,
            due=_old_mails,
            destroy=destroy_row,
            of=mails_of,
            person="to",
            export=_mails,
            close=wipe_mails_to,
            position=90,
        )
    )


def _register_proofs() -> None:
    """What shows that the rules were kept: consents, and answers to requests."""
    register(
        PersonalData(
            key="privacy.consent",
            label=_("Your consents"),
            model=Consent,
            born="at",
            purpose=_("Proof of consent, without a name once the data are destroyed"),
            days=3 * YEAR,
            due=_consents_without_data,
            destroy=destroy_row,
            of=lambda user: Consent.objects.filter(user=user),
            person="user",
            export=_consents,
        )
    )
    register(
        PersonalData(
            key="privacy.request",
            label=_("Your requests about personal data"),
            model=PrivacyRequest,
            born="received_at",
            purpose=_("Proof that requests were answered in time"),
            days=3 * YEAR,
            due=lambda before: PrivacyRequest.objects.filter(closed_at__lt=before),
            destroy=destroy_row,
            of=PrivacyRequest.objects.visible_to,
            person="user",
            export=_requests,
            close=_leave_requests,
        )
    )
    register(
        PersonalData(
            key="privacy.hold",
            label=_("Holds on destruction"),
            model=Hold,
            born="set_at",
            purpose=_("Showing why data were kept longer than their period"),
            days=3 * YEAR,
            due=lambda before: Hold.objects.over_before(timezone.localdate(before)),
            destroy=destroy_row,
        )
    )


EXCEPTIONS = {
    "accounts.workarea": "says where staff work, and goes with the account",
    "partners.iatifile": "which member of staff sent a partner's published data",
    "account.emailaddress": "goes with the account, by the database",
    "mfa.authenticator": "goes with the account, by the database",
    "sessions.session": (
        "who is signed in, by number and address, and for an hour a form under a cipher; goes with"
        " the account, or the night after it ended"
    ),
    "privacy.accessrecord": "staff's looks: own period of two years by sealed periods (sealing)",
    "privacy.accesssubject": "numbers without names; goes with its look",
    "admin.logentry": "what staff did; words about a person are wiped when they are destroyed",
    "audit.transition": "what staff did; reasons are wiped when the record is destroyed",
    "files.rendition": "sizes of pictures that staff published",
    "pages.office": "the office's own address and telephone",
    "pages.historicaloffice": "the office's own address and telephone",
    "pages.department": "a department's own address and telephone",
    "pages.historicaldepartment": "a department's own address and telephone",
    "seats.seat": "a number without a name; it is released with what it was held for",
    "pages.satisfactionanswer": "knows no person: a score, a page and a comment",
}


# --- accounts -------------------------------------------------------------------------------------


def _unused_accounts(before: datetime) -> models.QuerySet[User]:
    """Staff accounts are the administrators' business."""
    citizens = User.objects.filter(is_staff=False, is_superuser=False)
    return citizens.annotate(seen=Coalesce("last_login", "joined_at")).filter(seen__lt=before)


def _staff_stay(user: User) -> str:
    if user.is_staff or user.is_superuser:
        return gettext("This is a staff account. Ask an administrator to close it.")
    return ""


def _account(user: User) -> list[dict[str, Any]]:
    steps = Authenticator.objects.filter(user=user).order_by("pk")
    return [
        {
            "email": user.email,
            "name": user.name,
            "preferred_language": user.preferred_language,
            "joined_at": user.joined_at,
            "last_login": user.last_login,
            "addresses": list(
                EmailAddress.objects.filter(user=user).values("email", "verified", "primary")
            ),
            "second_steps": [
                {"kind": step.type, "since": step.created_at, "last_used": step.last_used_at}
                for step in steps
            ],
        }
    ]


# --- mails ----------------------------------------------------------------------------------------

_OVER = (MailState.SENT, MailState.FAILED, MailState.UNKNOWN)


def _old_mails(before: datetime) -> models.QuerySet[Message]:
    """The last mail to a closed account goes as soon as it is sent."""
    farewell = Q(kind="account_closed", state=MailState.SENT)
    return Message.objects.filter(Q(state__in=_OVER, queued_at__lt=before) | farewell)


def _mails(user: User) -> list[dict[str, Any]]:
    columns = ("kind", "language", "to", "name", "state", "queued_at", "sent_at", "context")
    # The context of a mail with a secret is not among the columns.
    rows = Message.objects.filter(user=user).order_by("pk").values(*columns)
    return [{**row, "kind": label_of(row["kind"])} for row in rows]


# --- consents -------------------------------------------------------------------------------------


def _consents_without_data(before: datetime) -> models.QuerySet[Consent]:
    """What was consented to stays as long as the data: of it, only what has lost its record."""
    gone = Q(pk__in=[])
    for pk in Consent.objects.order_by().values_list("content_type", flat=True).distinct():
        model = ContentType.objects.get_for_id(pk).model_class()
        lost = Q(content_type=pk)
        if model is not None:
            lost &= Q(~Exists(model._base_manager.filter(pk=OuterRef("object_id"))))
        gone |= lost
    return Consent.objects.filter(gone, at__lt=before)


def _consents(user: User) -> list[dict[str, Any]]:
    return [
        {
            "kind": consent.kind,
            "version": consent.version,
            "agreed": consent.given,
            "at": consent.at,
            "language": consent.language,
            "sha256": consent.sha256,
        }
        for consent in Consent.objects.filter(user=user).order_by("pk")
    ]


# --- requests -------------------------------------------------------------------------------------


def _requests(user: User) -> list[dict[str, Any]]:
    columns = (
        "kind", "text", "state", "received_at", "due_on", "extended_at", "extension_reason",
        "answer", "closed_at",
    )  # fmt: skip
    return list(PrivacyRequest.objects.visible_to(user).order_by("pk").values(*columns))


def _leave_requests(user: User) -> None:
    """That they were made and answered stays for its own period; the words go."""
    for request in PrivacyRequest.objects.visible_to(user).waiting():
        request.withdrawn(by=None)
    # Nobody is left to read why it took longer: only then may that be empty.
    PrivacyRequest.objects.visible_to(user).update(
        user=None, text="", answer="", extension_reason=""
    )
