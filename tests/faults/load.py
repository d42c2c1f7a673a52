"""Many people send their applications at once, and press again until they have a receipt."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from oda_portal.mail.models import Message
from oda_portal.seats.models import Seat
from tests.factories import OpeningFactory
from tests.faults.line import line
from tests.processes import TOKEN, session_of
from tests.volunteers.applicants import address, written
from volunteers.models import Application, Opening

AT_ONCE = 6
PATIENCE = 120.0  # seconds until somebody gives up


class Tally(NamedTuple):
    """What came of it. `errors`: answers that were none, or not the right one."""

    lost: int
    repeated: int
    errors: int


class Sending(NamedTuple):
    path: str
    cookies: str


class Crowd:
    """Those who send. `ports` are the servers; who finds one closed goes to the next, as nginx does."""

    def __init__(self, number: int, ports: Sequence[int]) -> None:
        self.ports = list(ports)
        self.applications = applications(number)
        self.waiting = [sending_of(each) for each in self.applications]
        self.answered = 0
        self.errors: Counter[str] = Counter()
        self.seconds: list[float] = []
        self._lock = threading.Lock()

    def _send_all(self) -> None:
        while True:
            with self._lock:
                if not self.waiting:
                    return
                sending = self.waiting.pop()
            self._press_until_answered(sending)

    def _press_until_answered(self, sending: Sending) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            began = time.monotonic()
            error = self._press(sending)
            with self._lock:
                self.seconds.append(time.monotonic() - began)
                if not error:
                    self.answered += 1
                    return
                self.errors[error] += 1
            time.sleep(0.3)

    def _press(self, sending: Sending) -> str:
        """Nothing when the answer is the way to the receipt; else what came instead."""
        refused = "nobody listens"
        for port in list(self.ports):
            server = HTTPConnection("127.0.0.1", port, timeout=30)
            try:
                server.connect()
            except OSError:
                continue
            try:
                server.request("POST", sending.path, headers=headers(sending))
                status = server.getresponse().status
            except (OSError, HTTPException) as error:
                return type(error).__name__
            finally:
                server.close()
            return "" if status == 302 else str(status)
        return refused

    def wait_for(self, number: int) -> None:
        """Until so many have been answered."""
        until = time.monotonic() + PATIENCE
        while self.answered < number:
            assert time.monotonic() < until, f"{self.answered} answered, {self.errors}"
            time.sleep(0.02)

    def tally(self, case: str) -> Tally:
        """What the database holds, beside what people were answered."""
        connection.close()  # it may have been cut with those of the portal
        lost = sum(is_lost(each) for each in self.applications)
        more = sum(too_many(each) for each in self.applications)
        found = Tally(lost, more, self.errors.total())
        said = line(case, len(self.applications), **found._asdict(), seconds=self.seconds)
        print(f"\n{said} ({dict(self.errors)})")
        return found


def headers(sending: Sending) -> dict[str, str]:
    return {
        "Host": "localhost",
        "Cookie": f"{sending.cookies}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": "0",
    }


@contextmanager
def crowd(number: int, ports: Sequence[int]) -> Iterator[Crowd]:
    """While the block lasts, they send; it ends when everybody is answered or gave up."""
    people = Crowd(number, ports)
    threads = [threading.Thread(target=people._send_all) for _one in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    try:
        yield people
    finally:
        for thread in threads:
            thread.join()


def applications(number: int) -> list[Application]:
    opening = OpeningFactory(mode=Opening.Mode.FIRST_COME, pool__capacity=number)
    return [written(opening.call, opening) for _one in range(number)]


def sending_of(application: Application) -> Sending:
    user = application.volunteer.user
    assert user
    cookies = f"{settings.SESSION_COOKIE_NAME}={session_of(user)}"
    return Sending(address("apply_send", application.call), cookies)


def _held(application: Application) -> int:
    return Seat.objects.filter(object_id=application.pk, state="held").count()


def _mails(application: Application) -> int:
    about = Message.objects.filter(kind="application_received", about_id=application.pk)
    return about.count()


def is_lost(application: Application) -> bool:
    """No receipt, no place or no mail."""
    application.refresh_from_db()
    return not (application.receipt and _held(application) and _mails(application))


def too_many(application: Application) -> int:
    return max(_held(application) - 1, 0) + max(_mails(application) - 1, 0)


def wait_until(holds: Callable[[], object], otherwise: str, patience: float = PATIENCE) -> None:
    until = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < until, otherwise
        time.sleep(0.05)
