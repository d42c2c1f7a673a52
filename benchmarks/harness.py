"""Servers as in production, and what an answer of theirs costs.

CPU is that of the web server and of every process of PostgreSQL, in milliseconds a request: on a
machine that does other things as well it holds to a few per cent, which seconds do not. What is
compared takes turns, so that a slow spell meets both.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPMessage
from itertools import count
from typing import NamedTuple

from benchmarks.usage import TICK, cpu_of_tree
from tests.ports import free_port


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def questions(self) -> int:
        """To the database; of a server of `benchmarks.asking`."""
        return int(self.headers["X-Questions"])


class Site:
    """One connection to a site that is running here, whose processes come from `pid`."""

    def __init__(self, port: int, pid: int) -> None:
        self.line = HTTPConnection("127.0.0.1", port, timeout=120)
        self.numbers = count()
        self.port, self.pid = port, pid

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        number = next(self.numbers)
        sent = {
            "Host": "localhost",
            "Accept-Encoding": "gzip",
            # From somewhere else each time: nobody searches so often.
            "X-Forwarded-For": address_of_visitor(number),
            **(headers or {}),
        }
        self.line.request("GET", path, headers=sent)
        response = self.line.getresponse()
        return Answer(response.status, response.headers, response.read())

    def cpu(self) -> float:
        return cpu_of_tree(self.pid)


class Server(Site):
    """Granian with two workers, which it starts. End it."""

    def __init__(
        self, application: str, *, threads: int = 4, surroundings: Mapping[str, str] | None = None
    ) -> None:
        port = free_port()
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(port), "--workers", "2", "--blocking-threads", str(threads), "--no-ws",
            "--log-level", "warning", application,
        ]  # fmt: skip
        # Each request says where it comes from.
        environment = {**os.environ, "TRUSTED_PROXIES": "1", **(surroundings or {})}
        self.process = subprocess.Popen(command, env=environment, start_new_session=True)
        atexit.register(self.process.terminate)  # should the benchmark not come to its end
        super().__init__(port, self.process.pid)
        for _try in range(300):
            try:
                self.line.connect()
            except OSError:
                time.sleep(0.1)
            else:
                return
        self.end()
        raise TimeoutError("the server does not answer")

    def end(self) -> None:
        self.line.close()
        self.process.terminate()
        self.process.wait(timeout=20)


def address_of_visitor(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


class Cost(NamedTuple):
    """Of one request: milliseconds of CPU of the server and of the database."""

    server: float
    database: float

    @property
    def whole(self) -> float:
        return self.server + self.database


def cost(
    server: Site,
    paths: list[str],
    number: int,
    database: int,
    *,
    headers: Mapping[str, str] | None = None,
    status: int = 200,
) -> Cost:
    """Ask for the paths in turn. `database` is the process that the others of it came from.

    The server has cost a hundredth of a second at least: the system counts no less.
    """
    began = server.cpu(), cpu_of_tree(database)
    for turn in range(number):
        answer = server.get(paths[turn % len(paths)], headers)
        if answer.status != status:
            raise SystemExit(f"{paths[turn % len(paths)]}: {answer.status}")
    spent = max(server.cpu() - began[0], 1000 / TICK), cpu_of_tree(database) - began[1]
    return Cost(*(milliseconds / number for milliseconds in spent))


def listed(ratios: list[float]) -> str:
    return " ".join(f"{ratio:.2f}" for ratio in ratios)


def commit() -> str:
    """What was measured, with a mark where it was changed since."""
    told = ["git", "describe", "--always", "--dirty", "--abbrev=7"]
    return subprocess.run(told, capture_output=True, text=True, check=False).stdout.strip()
