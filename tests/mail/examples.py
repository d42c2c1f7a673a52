"""Mails for tests, of kinds that every portal has."""

from __future__ import annotations

from typing import Any

from oda_portal.mail.models import Message
from oda_portal.mail.outbox import post


def a_mail(to: str = "person@example.org", **more: Any) -> Message:
    """Of a kind without secrets, with a link to a page."""
    given = {"language": "en", "context": {"failed": 3, "unknown": 1}, "path": "/about/", **more}
    return post("staff_mail_failed", to=to, **given)


def a_secret_mail(to: str = "person@example.org", **more: Any) -> Message:
    link = "http://localhost:8000/en/accounts/password/reset/key/1-secret/"
    given = {"language": "en", "context": {"link": link}, **more}
    return post("password_reset", to=to, **given)


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state
