"""A PostgreSQL and a Redis of the test's own, to be stopped, killed and emptied."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from oda_portal.recovery.postgres import surroundings
from tests.faults.load import wait_until
from tests.ports import free_port

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
REDIS = shutil.which("redis-server")

on_servers = pytest.mark.skipif(
    connection.vendor != "postgresql" or not PROGRAMS or not REDIS,
    reason="PostgreSQL’s and Redis’ own programs are needed",
)


class Postgres:
    """Durable, as it comes; in a folder of the user who may run it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, 5432
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        data = ["-D", str(folder / "data")]
        self._run("initdb", *data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.control("start")

    def control(self, act: str, mode: str = "fast") -> None:
        sockets = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}'"
        place = ["-D", str(self.folder / "data"), "-l", str(self.folder / "log")]
        self._run("pg_ctl", *place, "-w", "-m", mode, "-o", sockets, act)

    def _run(self, program: str, *words: str) -> None:
        as_user = ["runuser", "-u", self.user, "--"] if os.getuid() == 0 else []
        command = [*as_user, str(PROGRAMS[-1].with_name(program)), *words]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL)


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    """Django is connected to it while the block lasts; it has the tables and rows of the test."""
    dump = subprocess.run(
        ["pg_dump", "--format=custom"], env=surroundings(), check=True, capture_output=True
    ).stdout
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        server = Postgres(folder)
        own = {"HOST": str(folder), "PORT": "5432", "USER": "portal", "NAME": "postgres"}
        before = {key: connection.settings_dict[key] for key in own}
        connection.close()
        connection.settings_dict.update(own)
        try:
            command = ["pg_restore", "--exit-on-error", "--dbname=postgres"]
            subprocess.run(command, env=surroundings(), input=dump, check=True)
            yield server
        finally:
            connection.close()
            connection.settings_dict.update(before)
            server.control("stop", "immediate")


class Redis:
    """Keeps nothing on the disk: whoever kills it has an empty one afterwards."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = [REDIS or "", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(
            [*command, "--dir", str(self.folder)], stdout=subprocess.DEVNULL
        )
        wait_until(self.answers, "Redis does not answer")

    def answers(self) -> bool:
        asked = ["redis-cli", "-p", str(self.port), "ping"]
        return subprocess.run(asked, capture_output=True, check=False).stdout == b"PONG\n"

    def send(self, which: signal.Signals) -> None:
        self.process.send_signal(which)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def own_redis(folder: Path) -> Iterator[Redis]:
    server = Redis(folder)
    try:
        yield server
    finally:
        server.kill()
