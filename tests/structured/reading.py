"""What a page tells machines, read as they read it, and what it shows to people."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from django.test import Client

Node = dict[str, Any]

_SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
_META = re.compile(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">')


def page_at(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def graph_of(page: str) -> list[Node]:
    """The one graph of a page; it is JSON, and nothing of it was read as HTML."""
    scripts = _SCRIPT.findall(page)
    assert len(scripts) == 1 == page.count("ld+json")
    assert not set("<>&") & set(scripts[0])
    content = json.loads(scripts[0])
    assert content["@context"] == "https://schema.org"
    return content["@graph"]


def node_of(graph: list[Node], kind: str) -> Node:
    (found,) = [node for node in graph if node["@type"] == kind]
    return found


def kinds_in(graph: list[Node]) -> list[str]:
    return [node["@type"] for node in graph]


def head_of(page: str) -> dict[str, str]:
    """Named contents of the page's head; of several with one name the last."""
    return {name: unescape(content) for name, content in _META.findall(page)}


def shown(page: str) -> str:
    """What people read in the body of a page, on one line."""
    body = re.sub(r"<script.*?</script>", "", page.split("<body>")[1], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def words_of(value: Any, names: tuple[str, ...] = ("name", "headline", "title")) -> list[str]:
    """Everything that a node and its parts call by a name."""
    if isinstance(value, list):
        return [word for each in value for word in words_of(each, names)]
    if not isinstance(value, dict):
        return []
    own = [value[name] for name in names if isinstance(value.get(name), str)]
    return own + [word for each in value.values() for word in words_of(each, names)]
