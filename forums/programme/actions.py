"""Acts on sessions of an edition that is not frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ..freezing import require_open
from ..models import ForumSession

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


@transaction.atomic
def cancel_session(session: ForumSession, *, by: User, reason: str = "") -> bool:
    """The session stays in the programme as cancelled; False when it was already.

    Raises FrozenError.
    """
    require_open(session.forum)
    return session.cancel(by=by, reason=reason)


@transaction.atomic
def reinstate_session(session: ForumSession, *, by: User, reason: str = "") -> bool:
    """The session takes place after all; False when it was not cancelled.

    Raises FrozenError, and ValidationError when its room or one of its speakers is taken by now.
    """
    require_open(session.forum)
    return session.reinstate(by=by, reason=reason)
