"""What staff may do with applications besides reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User


def can_view_application(user: User | AnonymousUser) -> bool:
    return user.has_perm("volunteers.view_application")


def can_move_application(user: User | AnonymousUser) -> bool:
    return user.has_perm("volunteers.change_application")


def can_ask_applicant(user: User | AnonymousUser) -> bool:
    return user.has_perm("volunteers.add_staffquestion")


def can_tell_applicants(user: User | AnonymousUser) -> bool:
    """Write to all of them at once; a translator may change a call, and may not do this."""
    return can_move_application(user)


def can_see_telephone(user: User | AnonymousUser) -> bool:
    """Whoever has to call people; a reviewer has no need to."""
    return can_move_application(user)


def can_export_application(user: User | AnonymousUser) -> bool:
    return can_move_application(user)


def require(may: bool) -> None:
    """For a page of the back office whose record the person may read, but not act on."""
    if not may:
        raise PermissionDenied
