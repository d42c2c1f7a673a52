"""Reviews as personal data: of whom they are about, and of the reviewer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.destruction import destroy_row
from oda_portal.privacy.registry import PersonalData, except_from_rules, register

from .models import Review, ReviewState

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

REVIEW = "reviews.review"


def register_all() -> None:
    """They go with what they are about, whose model has a GenericRelation; at the latest then."""
    register(
        PersonalData(
            key=REVIEW,
            label=_("Reviews that you wrote"),
            model=Review,
            born="assigned_at",
            purpose=_("Explaining how people were selected"),
            days=365,
            due=_over,
            destroy=destroy_row,
            of=lambda user: Review.objects.filter(reviewer=user),
            person="reviewer",
            export=_written,
            close=_close,
            position=45,
        )
    )
    except_from_rules("reviews.rubric", "points to a round, and holds nothing of a person")
    except_from_rules("reviews.decision", "goes with the record it is about")


def _over(before: datetime) -> models.QuerySet[Review]:
    return Review.objects.filter(rubric__closes_at__lt=before)


def _written(user: User) -> list[dict[str, Any]]:
    """What the reviewer wrote; about whom is not theirs to take away."""
    rows = Review.objects.visible_to(user).select_related("rubric__content_type")
    return [
        {
            "round": str(row.rubric),
            "assigned_at": row.assigned_at,
            "submitted_at": row.submitted_at,
            "comment": row.comment,
            "scores": list(row.scores.values("criterion__name_ko", "value", "comment")),
        }
        for row in rows
    ]


def _close(user: User) -> None:
    """What is not done yet is free for somebody else; what is done stays, without the name."""
    rows = Review.objects.filter(reviewer=user)
    rows.exclude(state=ReviewState.SUBMITTED).delete()
