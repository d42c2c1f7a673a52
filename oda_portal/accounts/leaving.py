"""What the browsers of somebody whose account goes have left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from .kept_forms import KEPT
from .models import User


def end_sessions(user: User) -> None:
    """Delete every session in which this person is signed in, or that has something of theirs.

    No table says whose a session is: each is opened, a few at a time.
    """
    others = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    addresses = {address.casefold() for address in (user.email, *others)}
    theirs = [
        session.pk
        for session in Session.objects.iterator(chunk_size=100)
        if _is_of(user, session.get_decoded(), addresses)
    ]
    Session.objects.filter(pk__in=theirs).delete()


def _is_of(user: User, data: dict[str, Any], addresses: set[str]) -> bool:
    if data.get(SESSION_KEY) == str(user.pk) or data.get(KEPT, {}).get("user") == user.pk:
        return True
    # Half-way through a sign-in there is no more than this.
    return any(word.casefold() in addresses for word in _words(data))


def _words(value: Any) -> Iterator[str]:
    """Every text in what a session holds, at whatever depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _words(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _words(part)
