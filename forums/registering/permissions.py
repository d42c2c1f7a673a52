"""What staff may do with registrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User


def can_view_registrations(user: User | AnonymousUser) -> bool:
    return user.has_perm("forums.view_registration")


def can_change_registrations(user: User | AnonymousUser) -> bool:
    """Cancel one, overrule the order of a waiting list, decide how many places there are."""
    return user.has_perm("forums.change_registration")


def can_tell_registered(user: User | AnonymousUser) -> bool:
    """Write to everybody at once."""
    return can_change_registrations(user)


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
