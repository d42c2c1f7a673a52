"""Whoever comes from an address with a secret, as from a mail's link, through nginx to the portal."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.nginx_here import NGINX, answering, nginx

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


class Portal(ThreadingHTTPServer):
    """`asked` has the first line, the referrer and the length of the body of each request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: list[tuple[str, str, int]] = []


class _Answer(BaseHTTPRequestHandler):
    server: Portal

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.requestline, self.headers["Referer"], len(body)))
        self.send_response(200)
        self.send_header("X-Accel-Expires", "60")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_args: object) -> None:
        """The terminal is for the tests."""


@pytest.fixture
def portal() -> Iterator[Portal]:
    with answering(Portal()) as server:
        yield server


def test_what_is_sent_arrives_whole(tmp_path: Path, portal: Portal):
    with nginx(tmp_path, behind=portal.server_port) as site:
        here = {"Referer": f"{site}/en/mail/Zk3-s3cr3t/"}
        sent = urllib.request.Request(f"{site}/en/a/?b=%2F", data=b"c" * 300_000, headers=here)
        with urllib.request.urlopen(sent, timeout=10) as answer:
            assert answer.status == 200

    assert portal.asked == [("POST /en/a/?b=%2F HTTP/1.1", here["Referer"], 300_000)]


def test_pages_are_kept_for_them_as_for_everybody(tmp_path: Path, portal: Portal):
    with nginx(tmp_path, behind=portal.server_port) as site:
        for referrer in (f"{site}/en/mail/Zk3-s3cr3t/", f"{site}/en/", ""):
            asked = urllib.request.Request(f"{site}/en/a/", headers={"Referer": referrer})
            urllib.request.urlopen(asked, timeout=10).close()

    assert len(portal.asked) == 1
