"""The pages of one subscription, which whoever holds their address may use without signing in.

The signature is made with a key outside the database: its rows alone open nothing.
"""

from __future__ import annotations

import uuid
from base64 import urlsafe_b64encode

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from oda_portal.languages import path_in
from oda_portal.mail.kinds import Leave
from oda_portal.mail.models import Message

from ..models import Subscription


def signature_of(key: uuid.UUID) -> str:
    digest = salted_hmac("news.subscribing", key.hex, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:18]).decode("ascii")


def find(key: uuid.UUID, signature: str) -> Subscription | None:
    """The subscription of this address; None for one that is not ours."""
    # As bytes: an address may hold anything, and only ASCII text can be compared.
    if not constant_time_compare(signature.encode(), signature_of(key).encode()):
        return None
    return Subscription.objects.filter(key=key).first()


def path_to_change(subscription: Subscription) -> str:
    return _path("subscribing:change", subscription.key)


def path_to_leave(subscription: Subscription) -> str:
    return _path("subscribing:leave", subscription.key)


def leave_of(message: Message) -> Leave:
    """For the mail that goes out; raises DoesNotExist when its subscription is gone."""
    key = Subscription.objects.values_list("key", flat=True).get(pk=message.about_id or 0)
    page, one_click = (
        settings.SITE_URL + path_in(_path(name, key), message.language)
        for name in ("subscribing:change", "subscribing:leave")
    )
    return Leave(page, one_click)


def _path(name: str, key: uuid.UUID) -> str:
    return reverse(name, args=[key, signature_of(key)])
