"""What people ask about their data, and how the office answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from . import mails
from .models import PrivacyRequest

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


def ask(*, by: User, kind: str, text: str) -> tuple[PrivacyRequest, bool]:
    """Receive a request, and tell the person by mail; False with the one that is open already.

    A second click, or the same form in two tabs, finds the first one's row.
    """
    try:
        with transaction.atomic():
            request = PrivacyRequest.objects.create(user=by, kind=kind, text=text)
            mails.request_received(request)
    except IntegrityError:
        opened = PrivacyRequest.objects.visible_to(by).waiting().filter(kind=kind).first()
        if opened is None:
            raise
        return opened, False
    return request, True


@transaction.atomic
def answer(request: PrivacyRequest, *, by: User, text: str) -> None:
    """Raises IllegalMoveError when it is closed already."""
    request.answered(by=by, answer=text)
    mails.request_closed(request)


@transaction.atomic
def refuse(request: PrivacyRequest, *, by: User, reason: str) -> None:
    """Raises IllegalMoveError when it is closed already."""
    request.refused(by=by, reason=reason)
    mails.request_closed(request)
