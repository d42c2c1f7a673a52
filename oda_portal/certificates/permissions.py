"""What staff may do with certificates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from oda_portal.accounts.areas import within

from . import registry
from .models import BatchRow

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


def of_their_work(user: User | AnonymousUser) -> Q:
    """For a query: certificates of whose subjects somebody may know."""
    return _of_kinds(user, lambda theirs: Q(object_id__in=theirs))


def batches_of_their_work(user: User | AnonymousUser) -> Q:
    """For a query: batches of nothing but such subjects."""

    def of(theirs: Any) -> Q:
        rows = BatchRow.objects.filter(batch=OuterRef("pk"))
        return ~Q(Exists(rows.exclude(object_id__in=theirs)))

    return _of_kinds(user, of)


def _of_kinds(user: User | AnonymousUser, of: Callable[[Any], Q]) -> Q:
    seen = ~Q(kind__in=hidden_kinds(user))
    for kind in registry.kinds():
        if theirs := within(user, kind.model):
            rows = kind.model._base_manager.filter(theirs).values("pk")
            seen &= ~Q(kind=kind.name) | of(rows)
    return seen


def can_end_certificate(user: User | AnonymousUser) -> bool:
    """Revoke it, or issue another in its place."""
    return user.has_perm("certificates.change_certificate")


def can_start_batch(user: User | AnonymousUser) -> bool:
    return user.has_perm("certificates.add_batch")


def can_cancel_batch(user: User | AnonymousUser) -> bool:
    return user.has_perm("certificates.change_batch")
