"""The pages of one registration, which whoever holds its mail may use without signing in.

They lie below /mail/, whose addresses no log writes down. The signature is made with a key outside
the database: its rows alone open nothing.
"""

from __future__ import annotations

import uuid
from base64 import urlsafe_b64encode

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from ..models import Registration


def signature_of(key: uuid.UUID) -> str:
    digest = salted_hmac("forums.registering", key.hex, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:18]).decode("ascii")


def find(key: uuid.UUID, signature: str) -> Registration | None:
    """The registration of this address; None for one that is not ours."""
    # As bytes: an address may hold anything, and only ASCII text can be compared.
    if not constant_time_compare(signature.encode(), signature_of(key).encode()):
        return None
    rows = Registration.objects.select_related("forum__program", "forum__pool", "user")
    return rows.filter(uuid=key).first()


def path_to(registration: Registration, page: str = "own") -> str:
    """`page` is `own`, `change`, `cancel` or `qr`."""
    key = registration.uuid
    return reverse(f"registrations:{page}", args=[key, signature_of(key)])
