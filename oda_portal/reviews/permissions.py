"""Who sets reviews up, and who sees all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User

    from .registry import ReviewKind

SCORE = "reviews.score_review"


def can_score_review(user: User | AnonymousUser) -> bool:
    return user.has_perm(SCORE)


def can_assign_review(user: User | AnonymousUser) -> bool:
    return user.has_perm("reviews.assign_review")


def can_view_ranking(user: User | AnonymousUser) -> bool:
    """Whoever may read all reviews, with the names of who wrote them and whom they are about."""
    return user.has_perm("reviews.view_review")


def can_export_ranking(user: User | AnonymousUser) -> bool:
    """A file leaves the house: only for who works with it."""
    return can_assign_review(user)


def can_view_kind(user: User | AnonymousUser, model: type[models.Model]) -> bool:
    """Whoever runs one kind of round has no business with what people sent to another."""
    options = model._meta
    return user.has_perm(f"{options.app_label}.view_{options.model_name}")


def can_view_guides(user: User | AnonymousUser, kind: ReviewKind) -> bool:
    """Also whoever writes or translates the rounds, and may read nothing that people sent."""
    return can_view_kind(user, kind.round_model) or can_view_kind(user, kind.model)
