"""What staff may do with papers besides reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User


def can_view_paper(user: User | AnonymousUser) -> bool:
    return user.has_perm("forums.view_submission")


def can_decide_paper(user: User | AnonymousUser) -> bool:
    return user.has_perm("forums.change_submission")


def can_place_paper(user: User | AnonymousUser) -> bool:
    """Who may put somebody into the public programme."""
    return can_decide_paper(user) and user.has_perm("forums.change_forumsession")


def can_export_paper(user: User | AnonymousUser) -> bool:
    return can_decide_paper(user)
