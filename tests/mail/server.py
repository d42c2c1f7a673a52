"""A real mail server on this machine that takes, refuses, cuts and is slow on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.ports import free_port


class Keeper:
    """Keeps what it takes; a test's own `answers` are given first, one a letter."""

    def __init__(self, *answers: str | Callable[[Any], Any]) -> None:
        self.letters: list[EmailMessage] = []
        self.lines: set[Any] = set()
        self.answers = list(answers)
        self.refused: dict[str, str] = {}  # receiver → answer to RCPT

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.lines.add(session.peer)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if callable(answer):
            answer = await answer(server)
        if answer.startswith("250"):
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return answer

    @property
    def ids(self) -> list[str]:
        return [letter["Message-ID"] for letter in self.letters]


async def cut(server: Any) -> str:
    """Hang up with the letter taken and the answer unsaid."""
    server.transport.abort()
    return "451 nobody hears this"


def late(seconds: float) -> Callable[[Any], Any]:
    async def answer(server: Any) -> str:
        await asyncio.sleep(seconds)
        return "451 too late"

    return answer


@contextmanager
def running(keeper: Keeper, settings: Any = None, port: int | None = None) -> Iterator[int]:
    """The server, and Django's settings pointed at it."""
    port = port or free_port()
    controller = Controller(keeper, hostname="127.0.0.1", port=port)
    controller.start()
    if settings:
        point_at(settings, port)
    try:
        yield port
    finally:
        controller.stop()


def point_at(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 1
