"""The personal data of subscribers: how long each is kept, and how it goes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.destruction import BY_PERSON, destroy_all, destroy_row
from oda_portal.privacy.registry import PersonalData, register

from ..models import Subscription
from .panels import subscriptions_of
from .wording import wishes_of

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

UNCONFIRMED, ENDED = "news.unconfirmed", "news.subscription"
YEAR = 365


def register_all() -> None:
    register(
        PersonalData(
            key=UNCONFIRMED,
            label=_("Subscriptions to news that were never confirmed"),
            model=Subscription,
            born="asked_at",
            purpose=_("Asking whoever has the address whether they want it"),
            days=7,
            due=_unconfirmed,
            destroy=destroy_row,
            person="email",
            position=40,
        )
    )
    register(
        PersonalData(
            key=ENDED,
            label=_("Subscriptions to news that have ended"),
            model=Subscription,
            born="asked_at",
            purpose=_("Proof that email was sent with consent, and stopped when it was taken back"),
            days=3 * YEAR,
            due=_ended,
            destroy=destroy_row,
            of=subscriptions_of,
            person="email",
            given_as="news.subscriptions",
            export=_subscriptions,
            close=_close,
            position=40,
        )
    )


def _unconfirmed(before: datetime) -> models.QuerySet[Subscription]:
    return Subscription.objects.waiting().filter(asked_at__lt=before)


def _ended(before: datetime) -> models.QuerySet[Subscription]:
    return Subscription.objects.ended().filter(ended_at__lt=before)


def _subscriptions(user: User) -> list[dict[str, Any]]:
    return [
        {
            "email": row.email,
            "language": row.language,
            "wishes": {wish.label: wish.text for wish in wishes_of(row)},
            "promotion": row.promotion,
            "state": row.state,
            "asked_at": row.asked_at,
            "confirmed_at": row.confirmed_at,
            "reconfirm_by": row.reconfirm_by,
            "ended_at": row.ended_at,
            "sent": list(row.deliveries.order_by("pk").values("article__slug", "at")),
        }
        for row in subscriptions_of(user).order_by("pk")
    ]


def _close(user: User) -> None:
    """They go whole: of a closed account nothing is kept that names it."""
    destroy_all(ENDED, subscriptions_of(user), rule=BY_PERSON)
