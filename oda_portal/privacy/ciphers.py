"""Encryption of single columns, with keys that are never in the database.

`settings.FIELD_KEYS` holds Fernet keys: the first encrypts, all of them decrypt. To change keys,
put a new one in front, run `manage.py privacy rotate`, then take the old one away.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class CannotDecryptError(Exception):
    """None of the keys opens this text: a key was taken away too early, or the text was altered."""


def encrypt(text: str) -> str:
    """Different for the same text each time, so that equal rows do not show."""
    return _ring().encrypt(text.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """Raises CannotDecryptError; what could not be read is not part of the message."""
    try:
        return _ring().decrypt(token).decode()
    except InvalidToken as error:
        raise CannotDecryptError(
            "No key in FIELD_KEYS opens this value: the key it was written with is missing there,"
            " or the stored value was altered."
        ) from error


def is_current(token: str) -> bool:
    """Whether the first key opens it; otherwise `rotate` writes it anew."""
    try:
        Fernet(settings.FIELD_KEYS[0]).decrypt(token)
    except InvalidToken:
        return False
    return True


def _ring() -> MultiFernet:
    if not settings.FIELD_KEYS:
        raise ImproperlyConfigured(
            "Set FIELD_KEYS: it has no default outside the embedded site. Make a key with"
            " `python -m oda_portal.secrets`."
        )
    try:
        return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])
    except ValueError as error:
        raise ImproperlyConfigured(
            "FIELD_KEYS holds something that is no key. Make one with"
            " `python -m oda_portal.secrets`."
        ) from error
