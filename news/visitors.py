"""Who counts as a reader of an article, without keeping who it was."""

from __future__ import annotations

import re
from zlib import crc32

from django.http import HttpRequest

from oda_portal.pages.limits import client_address

# What robots, monitors, link previews and libraries call themselves. Cubot is a telephone; Daum,
# Baidu and KAKAOTALK are also browsers inside of apps, in which people read.
ROBOTS = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|scrap|archiver|yeti/|daumoa|headless|phantom|lighthouse"
    r"|pagespeed|pingdom|monitor|uptime|validator|preview|externalhit|embedly|whatsapp/|line-poker"
    r"|feedfetcher|feedly|curl|wget|python|java/|libwww|http-?client|okhttp|axios|go-http"
    r"|node-fetch|ruby|postman|scanner",
    re.IGNORECASE,
)
# What browsers say when they fetch a page that nobody has asked for yet.
AHEAD_OF_TIME = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
# One address is so many readers a day at most, whatever its programs call themselves: made-up names
# must neither push an article up nor fill the memory that the limits stand in.
AGENTS = 64
# Where the picture may stand, from browsers that say so: in our own pages, as a picture.
EXPECTED = {"Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "same-origin"}


def is_reader(request: HttpRequest) -> bool:
    """Whether a person seems to have opened one of our pages."""
    agent = request.headers.get("User-Agent", "")
    if request.method != "GET" or not agent or ROBOTS.search(agent):
        return False
    if any(re.search("prefetch|preview", request.headers.get(name, "")) for name in AHEAD_OF_TIME):
        return False
    return all(request.headers.get(name, value) == value for name, value in EXPECTED.items())


def visitor(request: HttpRequest) -> str:
    """What tells one reader of a day from another; to be hashed at once and kept nowhere."""
    agent = request.headers.get("User-Agent", "").encode(errors="replace")
    return f"{client_address(request)}\n{crc32(agent) % AGENTS}"
