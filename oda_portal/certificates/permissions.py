"""What staff may do with certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import registry

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User


def can_view_certificate(user: User | AnonymousUser) -> bool:
    return bool(getattr(user, "is_staff", False)) and user.has_perm("certificates.view_certificate")


def hidden_kinds(user: User | AnonymousUser) -> list[str]:
    """Kinds of which they see nothing: about records that are not theirs to see."""
    return [
        kind.name
        for kind in registry.kinds()
        if kind.seen_with and not user.has_perm(kind.seen_with)
    ]


def can_end_certificate(user: User | AnonymousUser) -> bool:
    """Revoke it, or issue another in its place."""
    return user.has_perm("certificates.change_certificate")


def can_start_batch(user: User | AnonymousUser) -> bool:
    return user.has_perm("certificates.add_batch")


def can_cancel_batch(user: User | AnonymousUser) -> bool:
    return user.has_perm("certificates.change_batch")
