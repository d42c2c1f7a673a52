"""The line to the mail server: many letters over one connection, and what each answer means."""

from __future__ import annotations

import enum
import re
import smtplib
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from .smtp import EmailBackend as SMTPBackend

# Django's own does not say how far a letter had come.
BACKENDS = {"django.core.mail.backends.smtp.EmailBackend": "oda_portal.mail.smtp.EmailBackend"}

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


class NoLineError(Exception):
    """The server cannot be reached or does not let us in; the text says why."""


class CalledOffError(Exception):
    """The letter on the line must not be handed over after all."""


class Gate:
    """Shut until what became of the letter before is written down."""

    def __init__(self) -> None:
        self._opened = Event()
        self._called_off = False

    def open(self) -> None:
        self._opened.set()

    def call_off(self) -> None:
        self._called_off = True
        self._opened.set()

    def wait(self) -> None:
        """Return when it opens; raises CalledOffError if it never will."""
        self._opened.wait()
        if self._called_off:
            raise CalledOffError


class Line:
    """A thread that talks to the server, so that nobody waits for it to write down the last word.

    It announces a letter (who it is from and to) as soon as it has it, and hands the letter itself
    over when the gate is open. It never touches the database.
    """

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None
        self._letters = 0
        self._gate = Gate()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mail-line")

    def begin(self, letter: EmailMessage) -> Future[Outcome]:
        """Announce a letter; its outcome can also be NoLineError."""
        self._gate = Gate()
        return self._thread.submit(self._send, letter, self._gate)

    def go_ahead(self) -> None:
        """Let the letter that was announced last be handed over."""
        self._gate.open()

    def hang_up(self) -> None:
        """A letter that has no permission yet is not handed over any more."""
        self._gate.call_off()
        self._thread.submit(self._close)
        self._thread.shutdown(wait=True)

    # --- in the thread --------------------------------------------------------------------------

    def _send(self, letter: EmailMessage, gate: Gate) -> Outcome:
        backend = self._open()
        was_used = self._letters > 0
        outcome = self._try(backend, letter, gate)
        if was_used and outcome.cut and outcome.verdict is Verdict.LATER:
            # Servers hang up after so many letters or so long: that is no fault.
            outcome = self._try(self._open(), letter, gate)
        return outcome

    def _open(self) -> BaseEmailBackend:
        if self._backend is not None:
            return self._backend
        backend = get_connection(BACKENDS.get(settings.EMAIL_BACKEND))
        try:
            backend.open()
        except OSError as error:  # smtplib's are OSErrors as well
            # Whatever the answer was (a wrong password, even): it is not about the letter.
            raise NoLineError(_said(error)) from error
        self._backend, self._letters = backend, 0
        return backend

    def _try(self, backend: BaseEmailBackend, letter: EmailMessage, gate: Gate) -> Outcome:
        try:
            if isinstance(backend, SMTPBackend):
                backend.before_letter = gate.wait
            else:
                gate.wait()
            taken = backend.send_messages([letter])
        except Exception as error:  # each backend has its own
            outcome = outcome_of(error, getattr(backend, "was_handed_over", False))
            self._close()
            return outcome
        self._letters += 1
        return Outcome(Verdict.SENT) if taken else Outcome(Verdict.NEVER, "no receiver")

    def _close(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            with suppress(OSError):  # it may be gone already
                backend.close()


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
