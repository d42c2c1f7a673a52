"""Real processes for tests that stop and kill them, on the database of the test."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from oda_portal.accounts.models import User
from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "t" * 32


def database_url() -> str:
    """The database of this test for another process."""
    given = connection.settings_dict
    who = f"{quote(given['USER'], '')}:{quote(given['PASSWORD'] or '', '')}"
    # The host may be a folder, with the server's socket in it.
    where = f"{quote(given['HOST'] or '127.0.0.1', '')}:{given['PORT']}"
    return f"postgres://{who}@{where}/{given['NAME']}"


@contextmanager
def silent_broker() -> Iterator[str]:
    """The address of a Redis that takes connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(100)
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


class Answer(NamedTuple):
    status: int
    location: str
    page: str


@dataclass
class Web:
    """A web server of one process."""

    process: subprocess.Popen
    port: int

    def post(
        self,
        path: str,
        user: User,
        *,
        body: bytes = b"",
        kind: str = "application/x-www-form-urlencoded",
        timeout: float = 20,
    ) -> Answer:
        """What a POST by somebody signed in is answered; raises OSError without an answer."""
        cookies = f"{settings.SESSION_COOKIE_NAME}={session_of(user)}"
        headers = {
            "Host": "localhost",
            "Cookie": f"{cookies}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": kind,
        }
        server = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        server.request("POST", path, body=body, headers=headers)
        response = server.getresponse()
        return Answer(
            response.status, response.headers.get("Location", ""), response.read().decode()
        )

    def kill(self) -> None:
        """At once and whole, as a machine goes."""
        print(f"SIGKILL to the process group {self.process.pid}")
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)


@contextmanager
def web(var: Path, *, redis_url: str = "", within: Sequence[str] = ()) -> Iterator[Web]:
    """Granian with one worker on the test's own database; ended with the block.

    `within`: a command that runs the rest of its line, in surroundings of its own.
    """
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url or settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "VAR_DIR": str(var),
        "PRIVATE_ROOT": str(settings.PRIVATE_ROOT),
        "STATIC_FROM_FINDERS": "true",
    }
    command = [
        *within, sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "1", "--blocking-threads", "4", "--no-ws",
        "oda_portal.wsgi:application",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    running = Web(process, port)
    try:
        _wait_until_it_listens(running)
        yield running
    finally:
        if process.poll() is None:
            running.kill()


def _wait_until_it_listens(running: Web) -> None:
    for _try in range(600):
        try:
            server = HTTPConnection("127.0.0.1", running.port, timeout=5)
            server.request("GET", "/healthz", headers={"Host": "localhost"})
            if server.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the web server does not answer")


def session_of(user: User) -> str:
    """The key of a session in which this person is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key or ""
