"""What nginx itself answers, with docker/nginx.conf, by the Observatory's rules."""

from __future__ import annotations

import http.client
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.guards.observatory import Seen, points
from tests.nginx_here import NGINX
from tests.test_nginx import site  # noqa: F401  (a fixture)

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
]
PUBLIC = 130
PATHS = {
    "/": 503, "/programs/": 503, "/en/accounts/login/": 503, "/static/nothing.css": 503,
    "/static/": 503, "/media/renditions/nothing.webp": 503, "/busy.html": 404,
}  # fmt: skip


def ask(site: str, path: str, **headers: str) -> tuple[int, Seen]:  # noqa: F811
    """As a visitor whose TLS ends at the city's proxy."""
    server = http.client.HTTPConnection(urlsplit(site).netloc, timeout=10)
    method = "POST" if "Content-Length" in headers else "GET"
    sent = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7", **headers}
    server.putrequest(method, path, skip_host=True)
    for name, value in {"Host": "portal.example", **sent}.items():
        server.putheader(name, value)
    server.endheaders()
    answer = server.getresponse()
    said = answer.getheaders()
    names = [name.lower() for name, _value in said]
    assert len(names) == len(set(names)), "a header twice"
    found = {name.lower(): value for name, value in said}
    body = answer.read().decode(errors="replace")
    return answer.status, Seen(
        f"https://portal.example{path}", found, tuple(SimpleCookie().values()), body
    )


@pytest.mark.parametrize("path", PATHS)
def test_what_nginx_answers_itself_scores_130(site: str, path: str):  # noqa: F811
    status, seen = ask(site, path)

    assert status == PATHS[path]
    assert points(seen).total >= PUBLIC, points(seen).parts


@pytest.mark.parametrize(
    ("path", "code"), [(f"/search/?q={'a' * 40_000}", 414), ("/static/%", 400)]
)
def test_what_nginx_refuses_by_its_first_line_has_all_but_what_tls_asks_for(
    site: str,  # noqa: F811
    path: str,
    code: int,
):
    """It has not read yet that TLS ended at the proxy."""
    status, seen = ask(site, path)
    lost = {name: part for name, part in points(seen).parts.items() if part < 0}

    assert status == code
    assert lost == {"transport": -20}


def test_what_is_too_large_is_told_in_three_languages(site: str):  # noqa: F811
    status, seen = ask(site, "/contact/", **{"Content-Length": str(257 * 1024 * 1024)})

    assert status == 413
    assert points(seen).total >= PUBLIC, points(seen).parts
    assert all(words in seen.body for words in ("너무 큽니다", "too large", "过大"))


def test_what_is_too_often_scores_130(site: str):  # noqa: F811
    answers = [ask(site, "/search/suggest/?q=a") for _number in range(80)]
    status, seen = answers[-1]

    assert status == 429
    assert seen.headers["retry-after"] == "10"
    assert points(seen).total >= PUBLIC, points(seen).parts


def test_without_tls_no_transport_security_is_said(site: str):  # noqa: F811
    _status, seen = ask(site, "/", **{"X-Forwarded-Proto": "http"})

    assert "strict-transport-security" not in seen.headers


def test_files_are_kept_and_have_their_policy(site: str, tmp_path: Path):  # noqa: F811
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "site.0123456789ab.css").write_bytes(b"a{}")
    (tmp_path / "media" / "renditions").mkdir(parents=True)
    (tmp_path / "media" / "renditions" / "0a1b.webp").write_bytes(b"RIFF")
    found, static = ask(site, "/static/site.0123456789ab.css")
    status, picture = ask(site, "/media/renditions/0a1b.webp")

    assert (found, status) == (200, 200)
    assert static.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert picture.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert picture.headers["cache-control"] == "public, max-age=31536000, immutable"
