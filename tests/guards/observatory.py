"""The rules by which the HTTP Observatory of MDN gives a site its points, written anew.

It begins at 100; penalties come off, and what is left at 90 or above gets the bonuses on top. Not
taken over: membership of the list of preloaded sites (5 points, a matter of the public address),
and policies that a page states in its own head (ours states none).
Source: the Observatory's page “Tests and scoring”, and its table of results as of 2026.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import Morsel
from urllib.parse import urlsplit

SIX_MONTHS = 15_768_000
BROAD = {"*", "ftp:", "http:", "https:", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
LEAKY = {"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"}
HTML = {"text/html", "application/xhtml+xml"}


@dataclass(frozen=True)
class Seen:
    """One answer. Header names in small letters; of a header sent twice, the last."""

    url: str
    headers: dict[str, str]
    cookies: tuple[Morsel[str], ...] = ()
    body: str = ""

    def header(self, name: str) -> str:
        return self.headers.get(name, "").strip()


@dataclass
class Points:
    parts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        without = 100 + sum(part for part in self.parts.values() if part < 0)
        bonus = sum(part for part in self.parts.values() if part > 0)
        return max(0, without + bonus if without >= 90 else without)


def points(seen: Seen, *, way: Iterable[str] = ()) -> Points:
    """`way`: the addresses that plain http led to, one after the other; none: it is not open."""
    policy = policy_of(seen)
    return Points(
        {
            "policy": content_security_policy(seen, policy),
            "cookies": cookies(seen),
            "sharing": cross_origin_sharing(seen),
            "redirection": redirection(seen, list(way)),
            "referrer": referrer_policy(seen),
            "transport": transport_security(seen),
            "integrity": integrity(seen),
            "sniffing": 0 if seen.header("x-content-type-options").lower() == "nosniff" else -5,
            "frames": frames(seen, policy),
            "resources": resources(seen),
        }
    )


# --- the policy -----------------------------------------------------------------------------------


def policy_of(seen: Seen) -> dict[str, set[str]]:
    """Directive → sources; a directive counts where it stands first."""
    found: dict[str, set[str]] = {}
    for part in seen.header("content-security-policy").split(";"):
        name, *sources = part.split() or [""]
        if name:
            found.setdefault(name.lower(), {source.lower() for source in sources} or {"'none'"})
    return found


def content_security_policy(seen: Seen, policy: dict[str, set[str]]) -> int:
    if not policy:
        return -25
    default = policy.get("default-src", {"*"})
    script = _without_useless_inline(policy.get("script-src", default))
    style = _without_useless_inline(policy.get("style-src", default))
    active = script.union(
        *(sources for name, sources in policy.items() if name not in ("img-src", "media-src", "script-src"))
    )  # fmt: skip
    passive = policy.get("img-src", default) | policy.get("media-src", default)
    if script & (BROAD | INLINE) or policy.get("object-src", default) & BROAD:
        return -20
    if _is_https(seen) and _goes_plain(active):
        return -20
    if "'unsafe-eval'" in script | style or (_is_https(seen) and _goes_plain(passive)):
        return -10
    if style & (BROAD | INLINE):
        return 0
    return 10 if default == {"'none'"} else 5


def _without_useless_inline(sources: set[str]) -> set[str]:
    """Browsers do not heed it beside a hash or a nonce."""
    if any(
        source.startswith(("'sha256-", "'sha384-", "'sha512-", "'nonce-")) for source in sources
    ):
        return sources - {"'unsafe-inline'"}
    return sources


def _goes_plain(sources: Iterable[str]) -> bool:
    return any(source.startswith(("http:", "ftp:")) for source in sources)


def _is_https(seen: Seen) -> bool:
    return urlsplit(seen.url).scheme == "https"


def frames(seen: Seen, policy: dict[str, set[str]]) -> int:
    if "frame-ancestors" in policy:
        return 5
    said = seen.header("x-frame-options").lower()
    return 0 if said in ("deny", "sameorigin") or said.startswith("allow-from") else -20


# --- cookies --------------------------------------------------------------------------------------


def cookies(seen: Seen) -> int:
    if not seen.cookies:
        return 0
    worst = min(_cookie(cookie, is_safe=transport_security(seen) >= 0) for cookie in seen.cookies)
    return worst if worst < 0 else 5 * all(cookie["samesite"] for cookie in seen.cookies)


def _cookie(cookie: Morsel[str], *, is_safe: bool) -> int:
    name = cookie.key.lower()
    is_session = "sess" in name or "login" in name
    kind, secure = cookie["samesite"].lower(), bool(cookie["secure"])
    faults = [0]
    if kind not in ("", "lax", "strict", "none") or (kind == "none" and not secure):
        faults.append(-20)
    if not secure:
        faults.append(-5 if is_safe else -20)
    if not secure and is_session:
        faults.append(-10 if is_safe else -40)
    if "csrf" in name and not kind:
        faults.append(-20)
    if is_session and not cookie["httponly"]:
        faults.append(-30)
    return min(faults)


# --- the other headers ----------------------------------------------------------------------------


def cross_origin_sharing(seen: Seen) -> int:
    """Whoever asks may read with the visitor's cookies: everything else is a choice."""
    allowed = seen.header("access-control-allow-origin")
    with_cookies = seen.header("access-control-allow-credentials").lower() == "true"
    return -50 if with_cookies and allowed not in ("", "null") else 0


def redirection(seen: Seen, way: list[str]) -> int:
    if not way:
        return 0
    steps = [urlsplit(address) for address in way]
    if len(steps) == 1 or steps[-1].scheme != "https":
        return -20
    if steps[1].scheme != "https":
        return -10
    return 0 if steps[1].hostname == steps[0].hostname else -5


def referrer_policy(seen: Seen) -> int:
    if not (said := seen.header("referrer-policy")):
        return 0
    known = [part for each in said.lower().split(",") if (part := each.strip()) in PRIVATE | LEAKY]
    return 5 if known and known[-1] in PRIVATE else -5


def transport_security(seen: Seen) -> int:
    if not _is_https(seen):
        return -20
    for part in seen.header("strict-transport-security").lower().split(";"):
        name, _equals, value = part.strip().partition("=")
        if name == "max-age" and value.strip('"').isdecimal():
            return 0 if int(value.strip('"')) >= SIX_MONTHS else -10
    return -20


def resources(seen: Seen) -> int:
    said = seen.header("cross-origin-resource-policy").lower()
    return {"same-origin": 10, "same-site": 10, "cross-origin": 0, "": 0}.get(said, -5)


# --- scripts of others ----------------------------------------------------------------------------


class Scripts(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.found.append({name: value or "" for name, value in attrs})


def integrity(seen: Seen) -> int:
    kind = seen.header("content-type").partition(";")[0]
    if kind and kind not in HTML:
        return 0
    marks = [_script(seen, script) for script in Scripts(seen.body).found if script.get("src")]
    return min(marks, default=0)


def _script(seen: Seen, script: dict[str, str]) -> int:
    source, is_checked = script["src"], bool(script.get("integrity"))
    address = urlsplit(source)
    if not address.netloc or (address.scheme and address.hostname == urlsplit(seen.url).hostname):
        return 5 if is_checked and (address.scheme or urlsplit(seen.url).scheme) == "https" else 0
    if address.scheme == "https":
        return 5 if is_checked else -5
    return -20 if is_checked else -50
