"""nginx with the rules of production before a portal, as a process of this machine."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path

from django.conf import settings

from tests.processes import free_port

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


class Front:
    """`folder` holds what it writes, and `static/` with the files that it gives out. End it."""

    def __init__(self, folder: Path, portal: int) -> None:
        if NGINX is None:
            raise SystemExit("nginx is not installed")
        self.port = free_port()
        rules = (settings.BASE_DIR / "docker" / "nginx.conf").read_text()
        for stock, here in {
            "include mime.types;": "types { text/css css; }",
            # As whoever measures, so that its folder can be written to.
            "worker_processes auto;": "worker_processes 1; daemon off; user root;",
            "/run/nginx.pid": f"{folder}/nginx.pid",
            "/dev/stdout": f"{folder}/access.log",
            "/dev/stderr": f"{folder}/error.log",
            "/var/cache/nginx": str(folder),
            "listen 80 ": f"listen 127.0.0.1:{self.port} ",
            "server web:8000 resolve fail_timeout=1s;": f"server 127.0.0.1:{portal};",
            "resolver 127.0.0.11 valid=10s;": "",
            "/etc/nginx/listening": f"{folder}/listening",
            "alias /srv/": f"alias {folder}/",
            "root /srv;": f"root {settings.BASE_DIR}/docker;",
        }.items():
            if stock not in rules:
                raise SystemExit(f"docker/nginx.conf has no {stock}")
            rules = rules.replace(stock, here)
        (folder / "nginx.conf").write_text(rules)
        command = [NGINX, "-p", str(folder), "-e", str(folder / "start.log"), "-c", "nginx.conf"]
        self.process = subprocess.Popen(command)
        self._wait(folder / "start.log")

    def _wait(self, log: Path) -> None:
        for _try in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        self.end()
        raise SystemExit(f"nginx does not answer: {log.read_text() if log.exists() else ''}")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
