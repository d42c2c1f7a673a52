"""What staff may do with applications besides reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from oda_portal.accounts.areas import areas_of
from oda_portal.certificates.permissions import can_start_batch

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


def can_export_application(user: User | AnonymousUser) -> bool:
    return can_move_application(user)


def can_view_readiness(user: User | AnonymousUser) -> bool:
    """Who goes, and what each has done; not whoever only judges or translates."""
    return user.has_perm("volunteers.view_readiness")


def can_change_readiness(user: User | AnonymousUser) -> bool:
    return user.has_perm("volunteers.change_readiness")


def can_see_travel_data(user: User | AnonymousUser) -> bool:
    """Passport, health and emergency contact, whole and not masked."""
    return user.has_perm("volunteers.view_traveldocument")


def can_join_volunteers(user: User | AnonymousUser) -> bool:
    """Say that two rows are one person; whoever moves applications has met them.

    Not whose work is limited to some kinds of programme: the other row may be of another kind.
    """
    return can_move_application(user) and areas_of(user) is None


def can_view_service(user: User | AnonymousUser) -> bool:
    """Who was there on which day, and what was approved."""
    return user.has_perm("volunteers.view_servicerecord")


def can_change_service(user: User | AnonymousUser) -> bool:
    return user.has_perm("volunteers.change_servicerecord")


def can_view_survey(user: User | AnonymousUser) -> bool:
    return user.has_perm("volunteers.view_surveyanswer")


def can_issue_certificates(user: User | AnonymousUser) -> bool:
    return can_view_service(user) and can_start_batch(user)


def require(may: bool) -> None:
    """For a page of the back office whose record the person may read, but not act on."""
    if not may:
        raise PermissionDenied
