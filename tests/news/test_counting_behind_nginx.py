"""The picture that counts goes through nginx to the portal each time it is asked for."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.test import Client

from tests.factories import ArticleFactory
from tests.news.reading import look
from tests.nginx_here import NGINX, answering
from tests.test_nginx import site  # noqa: F401  (a fixture)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
]


@contextmanager
def portal(folder: Path, headers: Mapping[str, str], body: bytes) -> Iterator[list[str]]:
    """Where nginx looks for the portal: answers always the same, and notes what it was asked."""
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["X-Forwarded-For"])
            self.send_response(200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Not into the test's output."""

    found = re.search(r"server 127\.0\.0\.1:(\d+)", (folder / "nginx.conf").read_text())
    assert found
    with answering(ThreadingHTTPServer(("127.0.0.1", int(found[1])), Answers)):
        yield asked


def ask_often(site: str, slug: str) -> str:  # noqa: F811
    for _time in range(30):
        with urllib.request.urlopen(f"{site}/news/{slug}/seen.gif", timeout=5) as response:
            assert response.status == 200
    return response.headers["Cache-Control"]


def test_nginx_keeps_no_picture_and_limits_none(site: str, tmp_path: Path, client: Client):  # noqa: F811
    article = ArticleFactory()
    real = look(client, article)

    with portal(tmp_path, real.headers, real.content) as asked:
        rule = ask_often(site, article.slug)

    assert len(asked) == 30
    assert set(asked) == {"127.0.0.1"}
    assert rule == "no-store"


def test_what_is_declared_public_would_be_kept(site: str, tmp_path: Path, client: Client):  # noqa: F811
    article = ArticleFactory()
    headers = {**look(client, article).headers, "X-Accel-Expires": "4"}

    with portal(tmp_path, headers, b"GIF89a") as asked:
        ask_often(site, article.slug)

    assert len(asked) < 30
