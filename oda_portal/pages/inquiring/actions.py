"""What becomes of an inquiry: received, answered, closed, and its address forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction

from oda_portal.mail.models import Message
from oda_portal.pages.limits import mailbox, may_be_done
from oda_portal.pages.models import Inquiry
from oda_portal.privacy.consents import give_all, withdraw
from oda_portal.privacy.destruction import delete_mails, family
from oda_portal.privacy.holding import refuse
from oda_portal.privacy.models import Kind

from . import mails

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

    from .forms import InquiryForm

A_DAY = 24 * 60 * 60
MAILS_A_DAY = 3


def received_before(form: InquiryForm) -> Inquiry | None:
    """The inquiry that this valid form became when it was sent before."""
    return Inquiry.objects.filter(fingerprint=form.fingerprint).first()


def receive(form: InquiryForm, *, language: str) -> Inquiry:
    """Keep what a valid form says, once however often it is sent, and tell the sender by mail."""
    try:
        with transaction.atomic():
            return _receive(form, language)
    except IntegrityError:
        known = received_before(form)
        if known is None:
            raise
        return known


def _receive(form: InquiryForm, language: str) -> Inquiry:
    said = form.cleaned_data
    inquiry = Inquiry.objects.create(
        fingerprint=form.fingerprint,
        topic=said["topic"],
        text=said["text"],
        email=said.get("email", ""),
        language=language,
    )
    if inquiry.email:
        give_all(inquiry, form, by=None)
        # Nobody can have somebody else's letter box filled; the number is on the page as well.
        whose = mailbox(inquiry.email)
        if may_be_done("inquiry.mail", whose, limit=MAILS_A_DAY, seconds=A_DAY):
            mails.received(inquiry)
    return inquiry


@transaction.atomic
def answer(inquiry: Inquiry, *, by: User, text: str) -> None:
    """Raises IllegalMoveError when it was answered or closed already; then no mail is sent."""
    inquiry.answered(by=by, answer=text)
    mails.answered(inquiry)


def close(inquiry: Inquiry, *, by: User, reason: str) -> None:
    """Raises IllegalMoveError when it was answered or closed already."""
    inquiry.closed(by=by, reason=reason)


def forget_address(inquiry: Inquiry) -> None:
    """The sender takes the consent back: the address goes, and the mails that hold it."""
    withdraw(inquiry, Kind.INQUIRY, by=None)


@transaction.atomic
def without_address(inquiry: Inquiry) -> None:
    """What follows when the consent is taken back, wherever that was done.

    Raises HeldError when the inquiry is on hold.
    """
    refuse(family(inquiry))
    Inquiry.objects.filter(pk=inquiry.pk).update(email="")
    about = ContentType.objects.get_for_model(Inquiry)
    delete_mails(Message.objects.filter(about_type=about, about_id=inquiry.pk))
