from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from oda_portal.mail import kinds, outbox
from oda_portal.mail.models import MailTemplate


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Kinds that a test registers, and a bell that it found out of order, are its own."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    monkeypatch.setattr(outbox, "_silent_until", 0.0)


@pytest.fixture
def own_kind() -> Callable[..., kinds.Kind]:
    """Registers a kind with the same text in every language."""

    def register(subject: str, body: str, **fields: Any) -> kinds.Kind:
        kind = kinds.Kind(name="test_kind", label="Test", group="Test", **fields)
        for language, _name in settings.LANGUAGES:
            MailTemplate.objects.create(
                kind=kind.name, language=language, subject=subject, body=body
            )
        return kinds.register(kind)

    return register
