"""Pictures through nginx: from its folder, or from a portal whose files lie in a bucket."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.nginx_here import NGINX, answering, nginx

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
LIFETIME = "public, max-age=31536000, immutable"


class Portal(ThreadingHTTPServer):
    """Says of pictures what the portal says; `asked` has each status that it answered with."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: list[int] = []
        self.status = 200


class _Answer(BaseHTTPRequestHandler):
    server: Portal
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status, content = self.server.status, b"picture"
        if status == 200 and self.headers.get("If-None-Match") == '"a"':
            status = 304
        self.server.asked.append(status)
        self.send_response(status)
        self.send_header("Content-Security-Policy", "default-src 'none'")
        if status in (200, 304):
            self.send_header("ETag", '"a"')
            self.send_header("Cache-Control", LIFETIME)
            self.send_header("X-Accel-Expires", "1")
        content = content if status == 200 else b""
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """The terminal is for the tests."""


class Got(NamedTuple):
    status: int
    content: bytes
    lifetimes: list[str]


def get(address: str, cookie: str = "") -> Got:
    request = urllib.request.Request(address, headers={"Cookie": cookie})
    try:
        answer = urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return Got(answer.status, answer.read(), answer.headers.get_all("Cache-Control") or [])


@pytest.fixture
def portal() -> Iterator[Portal]:
    with answering(Portal()) as server:
        yield server


def test_a_picture_of_the_folder_is_given_without_the_portal(tmp_path: Path, portal: Portal):
    folder = tmp_path / "media" / "renditions"
    folder.mkdir(parents=True)
    (folder / "a.webp").write_bytes(b"in the folder")
    with nginx(tmp_path, behind=portal.server_port) as site:
        got = get(f"{site}/media/renditions/a.webp")

    assert (got, portal.asked) == (Got(200, b"in the folder", [LIFETIME]), [])


def test_a_picture_of_a_bucket_is_kept_and_asked_about(tmp_path: Path, portal: Portal):
    """For everybody the same, and gone as soon as the portal says so."""
    with nginx(tmp_path, behind=portal.server_port) as site:
        address = f"{site}/media/renditions/a.webp"
        first = [get(address), get(address, cookie="session=staff")]
        time.sleep(2)
        later = get(address)
        portal.status = 404
        time.sleep(2)
        gone = get(address)

    assert first == [Got(200, b"picture", [LIFETIME])] * 2
    assert later == first[0]
    assert (gone.status, gone.lifetimes) == (404, [])
    assert portal.asked == [200, 304, 404]


def test_an_answer_that_waiting_helps_is_kept_by_nobody(tmp_path: Path, portal: Portal):
    portal.status = 503
    with nginx(tmp_path, behind=portal.server_port) as site:
        found = [get(f"{site}/media/renditions/a.webp") for _ in range(2)]

    assert [(got.status, got.lifetimes) for got in found] == [(503, [])] * 2
    assert portal.asked == [503, 503]
