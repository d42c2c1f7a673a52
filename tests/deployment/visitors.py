"""Who visits the deployed site: one at a time, or many at once for a while."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPSHandler, Request, build_opener

from tests.deployment.site import Site

VISITORS = 4


class Reader:
    """Somebody with a browser that keeps cookies."""

    def __init__(self, site: Site) -> None:
        self.site, self.cookies = site, CookieJar()
        self._opener = build_opener(
            HTTPSHandler(context=site.trust), HTTPCookieProcessor(self.cookies)
        )

    def get(self, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, str]:
        return self._ask(Request(f"{self.site.address}{path}", headers=headers))

    def post(self, path: str, token: str, **fields: str) -> int:
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        address = f"{self.site.address}{path}"
        return self._ask(Request(address, data=body, headers={"Referer": address}))[0]

    def _ask(self, request: Request) -> tuple[int, http.client.HTTPMessage, str]:
        try:
            with self._opener.open(request, timeout=20) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except HTTPError as error:
            return error.code, error.headers, error.read().decode()


@dataclass
class Tally:
    """What many visitors got: seconds each, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def line(self, case: str) -> str:
        slowest = sorted(self.seconds)[int(len(self.seconds) * 0.99)] if self.seconds else 0
        n = len(self.seconds)
        return f"{case}: n {n}, errors {len(self.errors)}, p99 {slowest * 1000:.0f} ms"


@contextmanager
def visited(site: Site, path: str) -> Iterator[Tally]:
    """While the block lasts, several ask for a page that nothing keeps, again and again."""
    tally, over = Tally(), threading.Event()

    def visit(number: int) -> None:
        asked = 0
        while not over.is_set():
            asked += 1
            began = time.monotonic()
            try:
                # Another query each time: neither nginx nor the portal has it ready.
                status, _headers, _page = Reader(site).get(f"{path}?page=1&n={number}.{asked}")
                tally.seconds.append(time.monotonic() - began)
                if status != 200:
                    tally.errors.append(str(status))
            except OSError as error:
                tally.errors.append(repr(error))

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(VISITORS)]
    for thread in threads:
        thread.start()
    try:
        yield tally
    finally:
        over.set()
        for thread in threads:
            thread.join()
