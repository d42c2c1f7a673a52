"""docker/nginx.conf with the places and ports of this machine."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import HTTPServer
from pathlib import Path
from typing import TypeVar

from tests.ports import free_port
from tests.processes import ROOT

# Its server lies where only root looks for programs.
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


Server = TypeVar("Server", bound=HTTPServer)


@contextmanager
def answering(server: Server) -> Iterator[Server]:
    """What stands behind nginx, at work in a thread until the block ends."""
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def replaced(rules: str, here: dict[str, str]) -> str:
    """Raises ValueError where the rules have no such words: they have others by now."""
    for stock, own in here.items():
        if stock not in rules:
            raise ValueError(f"nginx is not told “{stock}”")
        rules = rules.replace(stock, own)
    return rules


@contextmanager
def nginx(
    folder: Path, *, behind: int, beside: Sequence[int] = (), types: str = ""
) -> Iterator[str]:
    """The address of an nginx before a portal at the port `behind`, and its end.

    `beside`: ports of more of them.
    """
    assert NGINX, "nginx is not installed"
    port = free_port()
    servers = " ".join(f"server 127.0.0.1:{each};" for each in (behind, *beside))
    rules = rules_here(folder, port=port, servers=servers, types=types)
    (folder / "nginx.conf").write_text(rules)
    log = folder / "start.log"
    server = subprocess.Popen([NGINX, "-p", str(folder), "-e", str(log), "-c", "nginx.conf"])
    try:
        _wait_for(port, server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nginx does not answer: {log.read_text() if log.exists() else ''}")


def rules_here(folder: Path, *, port: int, servers: str, types: str = "", build: str = ".") -> str:
    """Logs, pid, cache and `media/` lie in `folder`, static files below `build` in it.

    `servers`: what stands behind it, in words of an upstream. `types`: files by their endings.
    """
    rules = (ROOT / "docker" / "nginx.conf").read_text()
    return replaced(
        rules,
        {
            "include mime.types;": types,
            # As whoever starts it, so that the folder can be written to.
            "worker_processes auto;": "worker_processes 1; daemon off; user root;",
            "/run/nginx.pid": f"{folder}/nginx.pid",
            "/dev/stdout": f"{folder}/access.log",
            "/dev/stderr": f"{folder}/error.log",
            "/var/cache/nginx": str(folder),
            "/etc/nginx/listening": f"{folder}/listening",
            "listen 80 ": f"listen 127.0.0.1:{port} ",
            # Names of containers, which only Docker knows.
            "resolver 127.0.0.11 valid=2s;": "",
            "server web:8000 resolve fail_timeout=1s;": servers,
            "root /srv;": f"root {ROOT}/docker;",
            "alias /srv/media/": f"alias {folder}/media/",
            "alias /srv/static/": f"alias {folder / build}/static/",
        },
    )
