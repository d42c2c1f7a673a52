"""Who stands at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User

CHECK_IN = "forums.change_registration"


def can_check_in(user: User | AnonymousUser) -> bool:
    return bool(user.is_staff and user.has_perm(CHECK_IN))
