"""People who press a button at the same moment, on connections that stay open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from itertools import repeat
from threading import Barrier, local

from django.conf import settings

from benchmarks.harness import address_of_visitor
from tests.processes import TOKEN


class Crowd:
    """So many of them; each sends once."""

    def __init__(self, port: int, people: int, *, connections: int) -> None:
        self.port, self.people, self.kept = port, people, local()
        self.connections = min(connections, people)
        self.start = Barrier(self.connections)

    def send(
        self, paths: Iterable[str], *, body: str = "", sessions: Iterable[str] = repeat("")
    ) -> Counter[str]:
        """What they were answered: statuses, and errors where there was no answer."""
        with ThreadPoolExecutor(self.connections) as threads:
            return Counter(
                threads.map(self._send, range(self.people), paths, sessions, repeat(body))
            )

    def _send(self, number: int, path: str, session: str, body: str) -> str:
        if number < self.connections:
            self.start.wait(timeout=60)
        headers = {
            "Host": "localhost",
            "X-Forwarded-For": address_of_visitor(number),
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; "
            f"{settings.CSRF_COOKIE_NAME}={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            server = self._connection()
            server.request("POST", path, body=body, headers=headers)
            response = server.getresponse()
            response.read()
            return str(response.status)
        except (OSError, HTTPException) as error:
            self.kept.server = None
            return f"no answer: {type(error).__name__}"

    def _connection(self) -> HTTPConnection:
        if getattr(self.kept, "server", None) is None:
            self.kept.server = HTTPConnection("127.0.0.1", self.port, timeout=120)
        return self.kept.server
