"""From the outbox to the mail server: claim, send, and write down what became of it.

What became of a mail is written before the next one is handed over, and there is one sender in the
whole portal: a crash can therefore repeat the one mail that it interrupted, and no other.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import OperationalError
from redis.exceptions import RedisError

from oda_portal.languages import HTML_LANG

from . import links
from .kinds import Leave, kind_of
from .letters import Letter
from .line import Line, NoLineError, Outcome, Verdict
from .marking import marked_sent
from .models import Message
from .rendering import Stationery, letter_of
from .sole import sole_sender

log = logging.getLogger(__name__)

# How many are taken in hand at once: an urgent mail waits for these at most.
HANDFUL = 100
# A run gives its worker free after so long: less than what a worker is given to end in order.
LONGEST_RUN = 8.0  # seconds
# Cache or database is away for the moment, which says nothing about the mail.
PASSING = (RedisError, OperationalError)
# The part of every Message-ID that is ours.
HOST = urlsplit(settings.SITE_URL).hostname


class Run(NamedTuple):
    sent: int
    # More is due, but the time was over: somebody should call again.
    unfinished: bool


class Heard(NamedTuple):
    message: Message
    outcome: Outcome


def run(seconds: float = LONGEST_RUN) -> Run:
    """Send what is due, unless somebody else is at it."""
    until = time.monotonic() + seconds
    sent = 0
    while time.monotonic() < until:
        with sole_sender() as alone:
            if not alone:
                # Whoever sends looks once more after unlocking, and finds what we came for.
                return Run(sent, unfinished=False)
            turn = _Turn(until)
            sent += turn.go()
        if turn.gave_up or not Message.objects.due().exists():
            return Run(sent, unfinished=False)
    return Run(sent, unfinished=True)


def letter_for(message: Message, stationery: Stationery) -> Letter:
    """The mail with its headers; begins the time of its personal link."""
    kind = kind_of(message.kind)
    link = links.issue(message) if kind.personal else ""
    leave = kind.leave(message) if kind.leave else None
    subject, text, html = letter_of(
        message, stationery, personal_link=link, change_link=leave.page if leave else ""
    )
    mail = Letter(
        subject,
        text,
        stationery.sender(message.language),
        [message.to],
        headers={
            "Message-ID": f"<{message.message_id}@{HOST}>",
            "X-Correlation-ID": str(message.message_id),
            "Content-Language": HTML_LANG[message.language],
            # No holiday notes in return.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **(_leaving(leave) if leave else {}),
        },
    )
    mail.attach_alternative(html, "text/html")
    mail.put_together()
    return mail


def _leaving(leave: Leave) -> dict[str, str]:
    """What mail programs show a button for (RFC 2369, RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{leave.one_click}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


class _Turn:
    """One connection to the server; handful after handful."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.line = Line()
        self.stationery = Stationery()
        self.gave_up = False
        self.sent = 0
        # The mail that the server has, whose answer was not heard yet.
        self.handed_over: Message | None = None

    def go(self) -> int:
        """Send until nothing is due or the time is over; the number of mails sent."""
        if interrupted := Message.objects.take_back_interrupted():
            log.warning("%s mails were in the hand of a sender that is gone", interrupted)
        Message.objects.wake()
        try:
            while self.may_go_on() and (handful := Message.objects.claim(HANDFUL)):
                for message in handful:
                    self.send(message)
            last = self.hear()
            with self.written_down(last):
                pass
            self.count(last)
        finally:
            self.line.hang_up()
        return self.sent

    def may_go_on(self) -> bool:
        return not self.gave_up and time.monotonic() < self.until

    def send(self, message: Message) -> None:
        """Hand one mail over; it is made ready while the server reads the one before."""
        if not self.may_go_on():
            message.give_back()
            return
        try:
            if _is_void(message):
                message.delete()
                return
            letter = letter_for(message, self.stationery)
        except PASSING as error:
            _write_down(message, Outcome(Verdict.LATER, type(error).__name__))
            return
        except Exception as error:  # its text, a value or a key is gone: the others must go on
            # The error's own words may quote the letter, which no log may hold.
            _write_down(message, Outcome(Verdict.NEVER, type(error).__name__))
            return
        last = self.hear()
        self.line.begin(letter)
        with self.written_down(last):
            outcome = self.announce(letter)
        # Not a moment earlier: a crash must find one mail alone without an outcome.
        outcome = outcome or self.line.hand_over(letter)
        if outcome:
            _write_down(message, outcome)
        else:
            self.handed_over = message
        self.count(last)

    def hear(self) -> Heard | None:
        """What the server says to the mail that it has."""
        message, self.handed_over = self.handed_over, None
        return Heard(message, self.line.answer()) if message else None

    def announce(self, letter: Letter) -> Outcome | None:
        try:
            return self.line.announce(letter)
        except NoLineError as error:
            self.gave_up = True
            return Outcome(Verdict.LATER, str(error))

    def count(self, heard: Heard | None) -> None:
        if heard and heard.outcome.verdict is Verdict.SENT:
            self.sent += 1
            log.info("mail %s (%s) was sent", heard.message.message_id, heard.message.kind)
            if kind_of(heard.message.kind).forgotten:
                heard.message.delete()

    @contextmanager
    def written_down(self, heard: Heard | None) -> Iterator[None]:
        """When the block ends, what became of the mail stands in its row."""
        if heard is None:
            yield
        elif heard.outcome.verdict is Verdict.SENT:
            with marked_sent(heard.message):
                yield
        else:
            _write_down(*heard)
            yield


def _is_void(message: Message) -> bool:
    """Whether there is nothing to send any more."""
    is_void = kind_of(message.kind).is_void
    if is_void is None or not is_void(message):
        return False
    log.info("mail %s (%s) is about nothing any more", message.message_id, message.kind)
    return True


def _write_down(message: Message, outcome: Outcome) -> None:
    """What became of a mail that was not sent."""
    end = {
        Verdict.LATER: message.put_off,
        Verdict.NEVER: message.mark_failed,
        Verdict.UNKNOWN: message.mark_unknown,
    }[outcome.verdict]
    end(outcome.error)
    log.warning("mail %s (%s): %s", message.message_id, message.kind, outcome.error)
