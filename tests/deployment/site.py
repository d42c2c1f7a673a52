"""What docker-compose.yml runs, as processes of this machine: the same commands and settings.

Two web servers, two workers, one timer, Redis that writes down its queue, nginx with TLS; on the
PostgreSQL that ./runtests brings up, in a database of its own.
"""

from __future__ import annotations

import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
import yaml
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from psycopg.conninfo import conninfo_to_dict

from tests.mail.server import Keeper
from tests.nginx_here import NGINX, replaced, rules_here
from tests.ports import free_port
from tests.processes import ROOT

# One for each process of the tests, should its tests be shared out.
DATABASE = "portal_deployed_" + os.environ.get("PYTEST_XDIST_WORKER", "alone")
APP, APP_PASSWORD = "portal_app", "what-the-portal-says"
PATIENCE = 60.0


class Site:
    """The running processes by name (`web-1`, `worker-2`, `beat`, `redis`, `nginx`)."""

    def __init__(self, folder: Path, database_url: str, letters: Keeper, smtp_port: int) -> None:
        self.folder, self.letters = folder, letters
        self.ports = {name: free_port() for name in ("web-1", "web-2", "redis", "http", "https")}
        self.address = f"https://localhost:{self.ports['https']}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.owner_url = database_url
        composed = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
        self.services = composed["services"]
        self.environment = os.environ | self._settings(
            composed["x-portal"]["environment"], signed_in_as(APP, database_url), smtp_port
        )

    def _settings(self, composed: dict[str, str], database_url: str, smtp: int) -> dict[str, str]:
        """Every setting that the composed portal has, with this machine's values."""
        here = {
            "SECRET_KEY": "for-the-proof-only-" + "k" * 50,
            "FIELD_KEYS": os.environ["FIELD_KEYS"],
            "SITE_URL": self.address,
            "ALLOWED_HOSTS": "",
            "DATABASE_URL": database_url,
            "REDIS_URL": f"redis://127.0.0.1:{self.ports['redis']}/0",
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp}",
            "DEFAULT_FROM_EMAIL": "portal@localhost",
            "DEMO": "true",
            "TRUSTED_PROXIES": composed["TRUSTED_PROXIES"],
        }
        places = {"MEDIA_ROOT": "media", "PRIVATE_ROOT": "private", "VAR_DIR": "var"}
        here |= {name: str(self.folder / place) for name, place in places.items()}
        here |= {"LEDGER_FILE": str(self.folder / "ledger" / "destroyed.jsonl")}
        # What the compose file leaves to whoever starts it keeps the value it has without one.
        here |= {name: "" for name in composed if name not in here}
        return here | {"STATIC_FROM_FINDERS": "false", "GRANIAN_WORKERS": "1"}

    # --- one after the other ------------------------------------------------------------------

    def prepare(self) -> None:
        """What the image is built with, and what the services `prepare` and `roles` do."""
        build = "from oda_portal.styles import build_stylesheet; build_stylesheet()"
        for command in (
            ["-c", build],
            ["manage.py", "catalogues", "--compile"],
            ["manage.py", "collectstatic", "--noinput"],
            self.services["prepare"]["command"][1:],
        ):
            subprocess.run(
                [sys.executable, *command],
                cwd=ROOT, env=self.environment | {"DATABASE_URL": self.owner_url}, check=True,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip
        self.give_roles()

    def give_roles(self, folder: Path = ROOT / "docker") -> None:
        """Raises CalledProcessError. The scripts of the service `roles` lie in `folder`."""
        owner = conninfo_to_dict(self.owner_url)
        asked = {"PGHOST": "host", "PGPORT": "port", "PGDATABASE": "dbname", "PGUSER": "user"}
        here = {name: str(owner[key]) for name, key in asked.items()}
        here |= {
            "PGPASSWORD": str(owner.get("password", "")),
            "POSTGRES_APP_PASSWORD": APP_PASSWORD,
        }
        command = [
            word.replace("/roles", f"{folder}/roles") for word in self.services["roles"]["command"]
        ]
        subprocess.run(command, cwd=ROOT, env=os.environ | here, check=True)

    def start(self, name: str) -> None:
        """Start a process by its name, and wait until it answers where it has a port."""
        kind = name.split("-")[0]
        command: list[str] = getattr(self, f"_{kind}")(name)
        log = (self.folder / f"{name}.log").open("ab")
        self.running[name] = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        log.close()

    def _web(self, name: str) -> list[str]:
        command = json.loads(last_command((ROOT / "Dockerfile").read_text()))
        command[command.index("--port") + 1] = str(self.ports[name])
        command[command.index("--host") + 1] = "127.0.0.1"
        return [sys.executable, "-m", *command]

    def _worker(self, name: str) -> list[str]:
        own = ["--hostname", f"{name}@localhost"]
        return [sys.executable, "-m", *self.services["worker"]["command"], *own]

    def _beat(self, _name: str) -> list[str]:
        schedule = str(self.folder / "beat-schedule")
        command = self.services["beat"]["command"]
        return [sys.executable, "-m", *(schedule if "/srv" in word else word for word in command)]

    def _redis(self, name: str) -> list[str]:
        own = ["--port", str(self.ports[name]), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        return [*self.services["redis"]["command"], *own]

    def _nginx(self, _name: str) -> list[str]:
        own = ["-p", str(self.folder), "-e", str(self.folder / "nginx.log"), "-c", "nginx.conf"]
        assert NGINX, "nginx is not installed"
        return [NGINX, *own]

    # --- stopped ------------------------------------------------------------------------------

    def stop(self, name: str, with_signal: signal.Signals = signal.SIGTERM) -> None:
        process = self.running.pop(name)
        if process.poll() is None:
            os.killpg(process.pid, with_signal)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def restart(self, name: str) -> None:
        """As a new version comes: the one goes in order, then the next one comes."""
        self.stop(name)
        self.start(name)
        self.wait_for_web(name)

    def stop_all(self) -> None:
        for name in reversed(list(self.running)):
            self.stop(name)

    # --- asked --------------------------------------------------------------------------------

    def wait_for_web(self, name: str) -> None:
        def answers() -> bool:
            web = HTTPConnection("127.0.0.1", self.ports[name], timeout=2)
            try:
                web.request("GET", "/healthz", headers={"Host": "localhost"})
                return web.getresponse().status == 200
            except OSError:
                return False
            finally:
                web.close()

        wait_until(answers, f"{name} does not answer")

    def manage(self, *words: str, **settings: str) -> str:
        """What a command of the portal prints."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=self.environment | settings, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    def ping_workers(self) -> list[str]:
        """The names of the workers that answer."""

        def answering() -> list[str]:
            asked = subprocess.run(
                [sys.executable, "-m", "celery", "-A", "oda_portal", "inspect", "ping", "--json"],
                cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            return list(json.loads(asked.stdout)) if asked.returncode == 0 else []

        wait_until(lambda: len(answering()) > 1, "a worker is silent")
        return answering()

    def queue_length(self) -> int:
        """How many tasks wait in Redis; -1 where it does not answer."""
        try:
            return int(redis.Redis(port=self.ports["redis"]).llen("celery"))
        except redis.ConnectionError:
            return -1

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.folder / "tls" / "certificate.pem")


def last_command(dockerfile: str) -> str:
    """What the image runs, as JSON."""
    found = re.findall(r"^CMD (\[.*?\])$", dockerfile.replace("\\\n", ""), re.MULTILINE)
    return found[-1]


def wait_until(holds: Callable[[], Any], otherwise: str, patience: float = PATIENCE) -> float:
    """How many seconds it took until something was so; AssertionError when it never is."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        if holds():
            return time.monotonic() - began
        time.sleep(0.1)
    raise AssertionError(otherwise)


def write_certificate(folder: Path) -> None:
    """A certificate of this machine for an hour, as the city's would lie there."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir()
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def write_nginx_rules(site: Site) -> None:
    """docker/nginx.conf and docker/tls.conf, with this machine's places and ports."""
    folder, ports = site.folder, site.ports
    webs = "".join(
        f"server 127.0.0.1:{ports[name]} fail_timeout=1s; " for name in ("web-1", "web-2")
    )
    types = "include /etc/nginx/mime.types;"
    rules = rules_here(folder, port=ports["http"], servers=webs, types=types, build="var")
    (folder / "nginx.conf").write_text(rules)
    spoken = replaced(
        (ROOT / "docker" / "tls.conf").read_text(),
        {
            "listen 443 ": f"listen 127.0.0.1:{ports['https']} ",
            "/etc/nginx/tls/": f"{folder}/tls/",
            # The word of nginx 1.25 and newer; Debian's of today is older.
            "http2 on;": "",
        },
    )
    (folder / "listening").mkdir()
    (folder / "listening" / "tls.conf").write_text(spoken)


def signed_in_as(role: str, database_url: str) -> str:
    parts = urlsplit(database_url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{APP_PASSWORD}@{place}"))


@contextmanager
def own_database() -> Iterator[str]:
    """An empty database beside the tests', as an address.

    Nobody stays connected to the one that is given: it may be what the tests' processes copy.
    """
    given = os.environ["DATABASE_URL"]
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {DATABASE}")
    try:
        yield urlunsplit(urlsplit(given)._replace(path=f"/{DATABASE}"))
    finally:
        with psycopg.connect(given, autocommit=True) as server:
            server.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@contextmanager
def mail_server() -> Iterator[tuple[Keeper, int]]:
    keeper, port = Keeper(), free_port()
    controller = Controller(keeper, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield keeper, port
    finally:
        controller.stop()


@contextmanager
def deployed(folder: Path) -> Iterator[Site]:
    """The whole portal, with its demonstration."""
    with ExitStack() as stack:
        database_url = stack.enter_context(own_database())
        letters, smtp_port = stack.enter_context(mail_server())
        site = Site(folder, database_url, letters, smtp_port)
        stack.callback(site.stop_all)
        write_certificate(folder / "tls")
        write_nginx_rules(site)
        site.start("redis")
        site.prepare()
        for name in ("web-1", "web-2", "worker-1", "worker-2", "beat", "nginx"):
            site.start(name)
        for name in ("web-1", "web-2"):
            site.wait_for_web(name)
        yield site
