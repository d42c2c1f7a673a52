"""How long an answer of the mail server is waited for, in production.

What becomes of a mail whose server never answers: test_delivery.py, with a second instead.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.mail import get_connection

from tests.guards.production import SITE, read_settings

SAID = ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD",
        "EMAIL_USE_TLS", "EMAIL_USE_SSL", "EMAIL_TIMEOUT")  # fmt: skip


@pytest.mark.parametrize("scheme", ["smtp", "submission"])
def test_no_answer_is_waited_for_without_end(
    settings: Any, monkeypatch: pytest.MonkeyPatch, scheme: str
):
    made = read_settings(
        monkeypatch,
        DATABASE_URL="postgres://portal@db/portal",
        REDIS_URL="redis://redis/0",
        SITE_URL=SITE,
        EMAIL_URL=f"{scheme}://mail.example:587",
    )
    for name in SAID:
        setattr(settings, name, getattr(made, name))

    assert made.EMBEDDED is False
    assert get_connection().timeout == made.EMAIL_TIMEOUT
    assert made.EMAIL_TIMEOUT == 10
