"""Personal links: whoever holds one may do what the mail is about, without signing in.

The token is made when the mail is rendered for delivery, from the mail's number and a key that is
not in the database, so that it is the same on every try; the database keeps its hash alone.
"""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from oda_portal.languages import path_in

from .kinds import kind_of
from .models import Message

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def issue(message: Message) -> str:
    """The address for the mail; keeps the hash, and begins the time for which it works."""
    token = token_of(message)
    message.link_hash = hash_of(token)
    message.link_expires_at = timezone.now() + kind_of(message.kind).lifetime
    message.save(update_fields=["link_hash", "link_expires_at"])
    return settings.SITE_URL + path_in(reverse("mail:open_link", args=[token]), message.language)


def token_of(message: Message) -> str:
    """192 bits, of this mail and kind alone."""
    purpose = f"{message.kind}:{message.pk}:{message.message_id}"
    digest = salted_hmac("oda_portal.mail.links", purpose, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:24]).decode("ascii")


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str) -> Message | None:
    """The mail that this token came in; None for whatever is no token of ours."""
    if not TOKEN.fullmatch(token):
        return None
    return Message.objects.defer("sealed_context").filter(link_hash=hash_of(token)).first()


def is_expired(message: Message) -> bool:
    return message.link_expires_at is None or message.link_expires_at <= timezone.now()
