"""One stylesheet out of the files under `static/css`."""

import gzip
import re
from pathlib import Path

from django.conf import settings

# In this order. Several files share a cascade layer, and within a layer the later rule wins.
SOURCES = (
    "tokens",
    "base",
    "layout",
    "header",
    "frame",
    "components",
    "lists",
    "records",
    "forms",
    "privacy",
    "account",
    "apply",
    "reviews",
    "home",
    "news",
    "forums",
    "archive",
    "opendata",
    "api",
    "network",
    "atlas",
    "readers",
    "search",
    "figures",
    "pages",
    "print",
)

# A quoted string is matched first, so that nothing inside it is taken for a comment or a space.
_TOKEN = re.compile(
    r"""
    (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | /\*.*?\*/
    | \s*(?P<mark>[{};,>])\s*
    | (?P<colon>:)[ ]+
    | (?P<space>\s+)
    """,
    re.DOTALL | re.VERBOSE,
)


def minify(css: str) -> str:
    """The same rules without comments and without the white space that only people need.

    Spaces before a colon and around `+`, `-` and `*` stay: there they carry meaning.
    """
    without_comments = _TOKEN.sub(lambda found: "" if found[0][:2] == "/*" else found[0], css)
    short = _TOKEN.sub(_shorten, without_comments)
    return short.replace(";}", "}").strip()


def _shorten(found: re.Match[str]) -> str:
    return found["string"] or found["mark"] or found["colon"] or " "


def build_stylesheet() -> Path:
    """Write `site.css` and `site.css.gz` where they differ from the sources; give their place."""
    folder = settings.BASE_DIR / "static" / "css"
    source = "".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in SOURCES)
    content = minify(source).encode()
    target = settings.VAR_DIR / "build" / "site.css"
    target.parent.mkdir(parents=True, exist_ok=True)
    _write_changed(target, content)
    # No time stamp inside: the same rules always give the same bytes.
    _write_changed(target.with_name("site.css.gz"), gzip.compress(content, mtime=0))
    return target


def _write_changed(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)
