"""The line to the mail server: many letters over one connection, and what each answer means.

A letter goes in steps, so that its sender can do something else while the server is busy: it is
begun (who it is from), announced (who it is to), handed over, and answered.
"""

from __future__ import annotations

import enum
import re
import smtplib
from contextlib import suppress
from typing import NamedTuple

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SMTPBackend

from .letters import Letter

ADDRESS = re.compile(r"\S+@\S+")
LONGEST_ANSWER = 200
HANGS_UP = 421  # the server's word before it cuts the line


class Verdict(enum.Enum):
    SENT = "sent"
    LATER = "later"
    NEVER = "never"
    UNKNOWN = "unknown"


class Outcome(NamedTuple):
    verdict: Verdict
    error: str = ""
    # The line is gone: nothing is said about this letter.
    cut: bool = False


SENT = Outcome(Verdict.SENT)


class NoLineError(Exception):
    """The server cannot be reached or does not let us in; the text says why."""


class Line:
    """One connection of Django's backend, opened when it is needed."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None
        self._was_used = False
        self._has_begun = False
        # What another backend than SMTP's, which has but one step, made of the last letter.
        self._done = SENT

    def begin(self, letter: Letter) -> None:
        """Say who it is from, if the line is open; what comes of that is for `announce` to tell."""
        if isinstance(self._backend, SMTPBackend):
            self._has_begun = True
            with suppress(OSError):
                _say_sender(self._server, letter)

    def announce(self, letter: Letter) -> Outcome | None:
        """Say who it is to; None when the server waits for it. Raises NoLineError."""
        was_used = self._was_used
        refusal = self._announce(letter)
        if was_used and refusal and refusal.cut and refusal.verdict is Verdict.LATER:
            # Servers hang up after so many letters or so long: that is no fault.
            refusal = self._announce(letter)
        return refusal

    def hand_over(self, letter: Letter) -> Outcome | None:
        """Give the letter itself; None when the server has it whole, and `answer` is to come."""
        try:
            if isinstance(self._backend, SMTPBackend):
                # None of its own lines begins with a dot: they are headers, or base64.
                self._server.send(letter.wire + b".\r\n")
            else:
                taken = self._opened().send_messages([letter])
                self._done = SENT if taken else Outcome(Verdict.NEVER, "no receiver")
        except Exception as error:  # each backend has its own
            return self._broken(error)
        return None

    def answer(self) -> Outcome:
        """What the server says to the letter that it has."""
        self._was_used = True
        if not isinstance(self._backend, SMTPBackend):
            return self._done
        try:
            code, words = self._server.getreply()
            if code != 250:
                raise smtplib.SMTPDataError(code, words)
        except (OSError, smtplib.SMTPException) as error:
            return self._broken(error, handed_over=True)
        return SENT

    def hang_up(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            with suppress(OSError):  # it may be gone already
                backend.close()

    def _opened(self) -> BaseEmailBackend:
        if self._backend is not None:
            return self._backend
        backend = get_connection()
        try:
            backend.open()
        except OSError as error:  # smtplib's are OSErrors as well
            # Whatever the answer was (a wrong password, even): it is not about the letter.
            raise NoLineError(_said(error)) from error
        self._backend, self._was_used, self._has_begun = backend, False, False
        return backend

    @property
    def _server(self) -> smtplib.SMTP:
        return self._opened().connection  # type: ignore[attr-defined]

    def _announce(self, letter: Letter) -> Outcome | None:
        if not isinstance(self._opened(), SMTPBackend):
            return None
        try:
            if not self._has_begun:
                _say_sender(self._server, letter)
            self._has_begun = False
            _say_receiver(self._server, letter)
        except Exception as error:  # an address of nonsense raises what it likes
            return self._broken(error)
        return None

    def _broken(self, error: Exception, *, handed_over: bool = False) -> Outcome:
        self.hang_up()
        return outcome_of(error, handed_over)


# smtplib's own `sendmail` waits for each answer, and cannot stop before the letter.


def _say_sender(server: smtplib.SMTP, letter: Letter) -> None:
    server.ehlo_or_helo_if_needed()
    server.putcmd("mail", f"FROM:<{letter.sender}>")


def _say_receiver(server: smtplib.SMTP, letter: Letter) -> None:
    code, words = server.getreply()
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, words, letter.sender)
    code, words = server.docmd("rcpt", f"TO:<{letter.receiver}>")
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({letter.receiver: (code, words)})
    code, words = server.docmd("data")
    if code != 354:
        raise smtplib.SMTPDataError(code, words)


def outcome_of(error: Exception, handed_over: bool) -> Outcome:
    """What an error means for the letter. `handed_over`: it was sent whole, without an answer."""
    code = _code(error)
    if code is not None:
        if 500 <= code < 600:
            return Outcome(Verdict.NEVER, _said(error))
        if 400 <= code < 500:
            return Outcome(Verdict.LATER, _said(error), cut=code == HANGS_UP)
        handed_over = isinstance(error, smtplib.SMTPDataError)  # an answer that means nothing
    elif isinstance(error, smtplib.SMTPNotSupportedError) or not isinstance(error, OSError):
        return Outcome(Verdict.NEVER, _said(error))
    return Outcome(Verdict.UNKNOWN if handed_over else Verdict.LATER, _said(error), cut=True)


def _code(error: Exception) -> int | None:
    answer = _answer(error)
    return answer[0] if answer else None


def _answer(error: Exception) -> tuple[int, bytes | str] | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, error.smtp_error
    return None


def _said(error: Exception) -> str:
    """Class, code and words of the server: never an address, never more than a line."""
    answer = _answer(error)
    if answer is None:
        words = str(error) if isinstance(error, OSError) else ""
    else:
        text = answer[1].decode(errors="replace") if isinstance(answer[1], bytes) else answer[1]
        words = f"{answer[0]} {text}"
    line = " ".join(ADDRESS.sub("…", words).split())[:LONGEST_ANSWER]
    return f"{type(error).__name__}: {line}" if line else type(error).__name__
