"""Django's SMTP backend, that knows how far a letter had come when the line was cut."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from typing import Any, cast

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from .letters import Letter


class _Watched(smtplib.SMTP):
    """`handed_over` is true from the letter's last byte to the server's next answer."""

    handed_over = False
    before_letter: Callable[[], None]

    def send(self, s: Any) -> None:
        # smtplib sends commands as text and letters as bytes, the final dot included.
        is_letter = isinstance(s, bytes)
        if is_letter:
            self.before_letter()
        super().send(s)
        self.handed_over = is_letter

    def getreply(self) -> tuple[int, bytes]:
        reply = super().getreply()
        self.handed_over = False
        return reply


class _WatchedSSL(_Watched, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    # Called when the server is ready for a letter; what it raises keeps the letter back.
    before_letter: Callable[[], None] = staticmethod(lambda: None)

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _WatchedSSL if self.use_ssl else _Watched

    def _send(self, email_message: EmailMessage) -> bool:
        line = cast("_Watched", self.connection)
        line.before_letter = self.before_letter
        if not isinstance(email_message, Letter):
            # The stubs leave it out.
            return super()._send(email_message)  # type: ignore[misc]
        line.sendmail(email_message.sender, [email_message.receiver], email_message.wire())
        return True

    @property
    def was_handed_over(self) -> bool:
        """Whether the last letter was sent whole, and nobody knows what became of it."""
        return bool(self.connection and cast("_Watched", self.connection).handed_over)
