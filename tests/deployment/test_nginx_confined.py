"""nginx with the capabilities that docker-compose.yml leaves it, and no other."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.deployment.site import wait_until, write_certificate, write_nginx_rules
from tests.deployment.test_composed import SERVICES
from tests.nginx_here import NGINX, replaced
from tests.ports import free_port

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root lets go of capabilities"
)
KEPT: Sequence[str] = SERVICES["nginx"]["cap_add"]
SOMEBODY = 12345  # to whom the key of the certificate belongs
# Those of nginx in its image, of whom this machine may know nothing.
WORKERS = f"nobody {grp.getgrgid(pwd.getpwnam('nobody').pw_gid).gr_name}"


@pytest.fixture
def place() -> Iterator[SimpleNamespace]:
    """Folder and ports, as a site has them; workers that are nobody get into the folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        ports = {each: free_port() for each in ("web-1", "web-2", "http", "https")}
        here = SimpleNamespace(folder=folder, ports=ports)
        write_certificate(folder / "tls")
        write_nginx_rules(here)
        rules = folder / "nginx.conf"
        rules.write_text(replaced(rules.read_text(), {"user root;": f"user {WORKERS};"}))
        key = folder / "tls" / "key.pem"
        key.chmod(0o600)
        os.chown(key, SOMEBODY, SOMEBODY)
        yield here


@contextmanager
def confined(folder: Path, kept: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    bounds = ",".join(["-all", *(f"+{name.lower()}" for name in kept)])
    own = ["-p", str(folder), "-e", str(folder / "start.log"), "-c", "nginx.conf"]
    let_go = ["setpriv", f"--bounding-set={bounds}", "--inh-caps=-all", "--no-new-privs"]
    process = subprocess.Popen([*let_go, str(NGINX), *own], stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def answers(line: HTTPConnection) -> bool:
    """Whatever it says: nobody stands behind it."""
    try:
        line.request("GET", "/en/", headers={"Host": "localhost"})
        return line.getresponse().status >= 200
    except OSError:
        return False
    finally:
        line.close()


def lines(ports: dict[str, int]) -> list[HTTPConnection]:
    trusting = ssl._create_unverified_context()
    return [
        HTTPConnection("127.0.0.1", ports["http"], timeout=2),
        HTTPSConnection("127.0.0.1", ports["https"], timeout=2, context=trusting),
    ]


def test_nginx_works_with_what_it_keeps(place: SimpleNamespace):
    """The second time it finds the folders of its cache, which belong to its workers."""
    for _time in range(2):
        with confined(place.folder, KEPT):
            for line in lines(place.ports):
                wait_until(lambda line=line: answers(line), "nginx does not answer", 10)


# The ports of a test are no privileged ones: NET_BIND_SERVICE cannot be missed here.
@pytest.mark.parametrize("name", [name for name in KEPT if name != "NET_BIND_SERVICE"])
def test_nginx_does_not_work_with_less(place: SimpleNamespace, name: str):
    with confined(place.folder, [each for each in KEPT if each != name]):
        time.sleep(1)
        assert not any(answers(line) for line in lines(place.ports))
