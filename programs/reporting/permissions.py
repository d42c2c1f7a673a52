"""Who sees what a programme still needs to be reported, and who answers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User


def can_see_readiness(user: User | AnonymousUser) -> bool:
    return user.has_perm("programs.view_confirmation")


def can_confirm(user: User | AnonymousUser) -> bool:
    return user.has_perm("programs.add_confirmation")


def can_take_back(user: User | AnonymousUser) -> bool:
    return user.has_perm("programs.delete_confirmation")
