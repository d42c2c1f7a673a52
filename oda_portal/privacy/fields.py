"""Columns that only the portal can read: neither the database's keeper nor a stolen backup."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.lookups import IsNull

from .ciphers import decrypt, encrypt


class EncryptedTextField(models.TextField):
    """A text in Python, a cipher in the table; an empty one stays empty.

    Nothing but `isnull` can be asked of it: the same text is another cipher each time.
    """

    def get_prep_value(self, value: Any) -> str | None:
        text = super().get_prep_value(value)
        return encrypt(text) if text else text

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        return IsNull if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> None:
        return None
