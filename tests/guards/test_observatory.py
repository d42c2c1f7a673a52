"""The rules themselves: a good site gains, a careless one loses."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest

from tests.guards.observatory import Seen, points

SITE = "https://portal.example/"
TLS = {"strict-transport-security": "max-age=63072000", "x-content-type-options": "nosniff"}
STRICT = "default-src 'none'; script-src 'self'; frame-ancestors 'none'"
# What Django alone sends where `check --deploy` has nothing to say.
STOCK = {**TLS, "x-frame-options": "DENY", "referrer-policy": "same-origin"}


def total(headers: dict[str, str], *, cookie: str = "", body: str = "") -> int:
    sent = {"content-type": "text/html", **headers}
    return points(Seen(SITE, sent, tuple(SimpleCookie(cookie).values()), body)).total


def test_stock_settings_score_75():
    assert total(STOCK) == 75


def test_nothing_at_all_scores_30():
    assert points(Seen(SITE, {})).total == 30


def test_all_of_it_scores_135():
    good = {
        **STOCK,
        "content-security-policy": STRICT,
        "cross-origin-resource-policy": "same-origin",
    }

    assert total(good, cookie="session=1; Secure; HttpOnly; SameSite=Lax; Path=/") == 135


@pytest.mark.parametrize(
    ("policy", "part"),
    [
        (STRICT, 10),
        ("default-src 'self'; frame-ancestors 'none'", 5),
        ("default-src 'none'; style-src 'unsafe-inline'", 0),
        ("default-src 'none'; style-src 'unsafe-inline' 'sha256-x'", 10),
        ("default-src 'none'; script-src 'self' 'unsafe-eval'", -10),
        ("default-src 'none'; img-src http://pictures.example", -10),
        ("default-src 'none'; script-src 'unsafe-inline'", -20),
        ("default-src 'none'; script-src https:", -20),
        ("default-src 'none'; connect-src http://api.example", -20),
        ("frame-ancestors 'none'", -20),
        ("", -25),
    ],
)
def test_policies(policy: str, part: int):
    assert points(Seen(SITE, {"content-security-policy": policy})).parts["policy"] == part


@pytest.mark.parametrize(
    ("cookie", "part"),
    [
        ("", 0),
        ("display=1; Secure; SameSite=Lax", 5),
        ("display=1; Secure", 0),
        ("display=1; SameSite=Lax", -5),
        ("session=1; HttpOnly; SameSite=Lax", -10),
        ("session=1; Secure; SameSite=Lax", -30),
        ("csrf=1; Secure", -20),
    ],
)
def test_cookies(cookie: str, part: int):
    sent = tuple(SimpleCookie(cookie).values())

    assert points(Seen(SITE, TLS, sent)).parts["cookies"] == part


@pytest.mark.parametrize(
    ("way", "part"),
    [
        ([], 0),
        (["http://portal.example/", "https://portal.example/"], 0),
        (["http://portal.example/", "https://other.example/"], -5),
        (["http://portal.example/", "http://www.portal.example/", SITE], -10),
        (["http://portal.example/"], -20),
    ],
)
def test_ways_from_plain_http(way: list[str], part: int):
    assert points(Seen(SITE, TLS), way=way).parts["redirection"] == part


@pytest.mark.parametrize(
    ("script", "part"),
    [
        ("", 0),
        ('<script src="/own.js"></script>', 0),
        ('<script src="https://cdn.example/a.js"></script>', -5),
        ('<script src="https://cdn.example/a.js" integrity="sha384-x"></script>', 5),
        ('<script src="http://cdn.example/a.js"></script>', -50),
        ('<script src="//cdn.example/a.js"></script>', -50),
    ],
)
def test_scripts(script: str, part: int):
    assert points(Seen(SITE, {"content-type": "text/html"}, (), script)).parts["integrity"] == part


def test_reading_with_a_visitors_cookies_costs_50():
    shared = {
        "access-control-allow-origin": "https://evil.example",
        "access-control-allow-credentials": "true",
    }

    assert total({**STOCK, **shared}) == 25
