"""Visits every address of a running site that its pages and its sitemap lead to."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit
from xml.etree import ElementTree

from .document import Document, read_document

STARTS = ("/", "/en/", "/zh-hans/")
# Of a list's addresses that differ in the values of their query alone, this many are visited:
# all pages and filters of the lists (or some, where time is short), and a sample of what every
# page links to with its own address (display settings, satisfaction, sign-in).
SAMPLES = 40
FEW_SAMPLES = 1
SAMPLES_OF_RETURNS = 3
MOST_PAGES = 4000
XML = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@dataclass
class Visit:
    """One address (path and query), what it answered, and which page led to it."""

    address: str
    status: int
    headers: HTTPMessage
    body: bytes
    came_from: str
    document: Document | None = None
    links: list[tuple[str, str]] = field(default_factory=list)  # (address, fragment), internal

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def is_canonical(self) -> bool:
        return self.document is not None and "?" not in self.address


class Crawler:
    def __init__(self, url: str, samples: int = SAMPLES) -> None:
        self.url = url
        self.samples = samples
        self.host = urlsplit(url).netloc
        self.connection = HTTPConnection(self.host, timeout=30)
        self.visits: dict[str, Visit] = {}
        self._waiting: deque[tuple[str, str]] = deque()
        self._seen: set[str] = set()
        self._samples: Counter[tuple[str, tuple[str, ...]]] = Counter()

    def crawl(self) -> dict[str, Visit]:
        """Visit everything; the result is by address."""
        self._follow(STARTS, "the start")
        # What no page leads to comes last, and so is known by where it came from.
        self._follow(self.sitemap(), "sitemap.xml")
        return self.visits

    def _follow(self, addresses: Iterable[str], came_from: str) -> None:
        for address in addresses:
            self._plan(address, came_from)
        while self._waiting:
            address, came_from = self._waiting.popleft()
            visit = self.visits[address] = self.fetch(address, came_from)
            for link, _fragment in visit.links:
                # What a filtered list leads to, the unfiltered one leads to as well.
                if "?" not in address or "?" not in link:
                    self._plan(link, address)
            assert len(self.visits) <= MOST_PAGES, "the site has no end"

    def sitemap(self) -> dict[str, dict[str, str]]:
        """Each address of sitemap.xml with its alternates: language to address."""
        found = {}
        names = {
            "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
            "x": "http://www.w3.org/1999/xhtml",
        }
        for entry in ElementTree.fromstring(self.fetch("/sitemap.xml").body).iterfind(
            "s:url", names
        ):
            address = self._internal("/", entry.findtext("s:loc", "", names))
            assert address is not None, "the sitemap leads elsewhere"
            found[address[0]] = {
                link.attrib["hreflang"]: link.attrib["href"].removeprefix(self.url)
                for link in entry.iterfind("x:link", names)
            }
        return found

    def fetch(
        self, address: str, came_from: str = "", body: bytes | None = None, **headers: str
    ) -> Visit:
        """Ask for an address, or with a body, send it there."""
        method = "GET" if body is None else "POST"
        self.connection.request(method, address, body=body, headers=headers)
        response = self.connection.getresponse()
        visit = Visit(address, response.status, response.headers, response.read(), came_from)
        if response.headers.get_content_type() == "text/html":
            visit.document = read_document(visit.body.decode())
            found = (self._internal(address, link) for link in visit.document.links)
            visit.links = [link for link in found if link]
        return visit

    def _internal(self, base: str, link: str) -> tuple[str, str] | None:
        """Address and fragment of a link, or None where it leads to another site."""
        parts = urlsplit(urljoin(self.url + base, link))
        if parts.netloc != self.host:
            return None
        address = parts._replace(scheme="", netloc="", fragment="").geturl()
        return address or "/", unquote(parts.fragment)

    def _plan(self, address: str, came_from: str) -> None:
        if address in self._seen:
            return
        self._seen.add(address)
        if self._is_one_of_too_many(address):
            return
        self._waiting.append((address, came_from))

    def _is_one_of_too_many(self, address: str) -> bool:
        parts = urlsplit(address)
        query = parse_qsl(parts.query)
        names = tuple(sorted({name for name, _value in query}))
        self._samples[parts.path, names] += 1
        leads_back = any(value.startswith("/") for _name, value in query)
        limit = SAMPLES_OF_RETURNS if leads_back else self.samples
        return self._samples[parts.path, names] > limit
