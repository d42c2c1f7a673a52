"""What My page shows of this package: the subscriptions of the account's confirmed addresses."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oda_portal.accounts.models import User
from oda_portal.accounts.panels import Panel, register_panel

from ..models import Subscription
from ..models.subscriptions import SubscriptionQuerySet
from . import addresses, wording


def register() -> None:
    register_panel(
        Panel("subscriptions", _("News by email"), 15, "subscribing/panel.html", _context)
    )


def subscriptions_of(user: User) -> SubscriptionQuerySet:
    """Those of addresses that are known to be theirs."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    return Subscription.objects.filter(email__in=confirmed.values("email"))


def _context(request: HttpRequest) -> dict[str, Any]:
    rows = subscriptions_of(request.user).active().order_by("pk")  # type: ignore[arg-type]
    return {
        "subscriptions": [
            {
                "email": row.email,
                "wishes": wording.wishes_of(row),
                "change_path": addresses.path_to_change(row),
                "leave_path": addresses.path_to_leave(row),
            }
            for row in rows
        ]
    }
