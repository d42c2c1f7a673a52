"""What staff decide about mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from .models import Message
from .outbox import ring_on_commit

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


@transaction.atomic
def send_again(message: Message, *, by: User | None, reason: str = "") -> bool:
    """Queue what failed or may not have arrived; False when somebody decided before."""
    moved = message.send_again(by=by, reason=reason)
    if moved:
        ring_on_commit(message.pk)
    return moved


def mark_arrived(message: Message, *, by: User | None, reason: str = "") -> bool:
    """The receiver has it after all; False when somebody decided before."""
    return message.mark_arrived(by=by, reason=reason)
