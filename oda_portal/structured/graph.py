"""The graph of a page: the office, the site, where the page stands, and what it is about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from oda_portal.languages import absolute

from .nodes import OFFICE, WEBSITE, Node, node, point, the_office

# So written, text can neither end the script element nor begin a comment in it.
_ESCAPES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def graph_of(
    chrome: Mapping[str, Any],
    *,
    canonical: str,
    crumbs: Iterable[Mapping[str, str]] = (),
    about: Iterable[Node] = (),
) -> list[Node]:
    """`chrome` and `crumbs` as the page has them; `about` are the nodes of the page's own."""
    graph = [office_of(chrome), _website(chrome)]
    if crumbs:
        graph.append(_trail(chrome, canonical, crumbs))
    return graph + [_completed(each, canonical) for each in about]


def script_of(graph: list[Node]) -> SafeString:
    content = json.dumps(
        {"@context": "https://schema.org", "@graph": graph},
        ensure_ascii=False,
        separators=(",", ":"),
    ).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{content}</script>')  # noqa: S308


def office_of(chrome: Mapping[str, Any]) -> Node:
    """A government's only where staff have said that the site is a real government office's."""
    office = chrome["office"]
    return node(
        "GovernmentOrganization" if office["is_government"] else "Organization",
        id=absolute(f"/{OFFICE}"),
        name=office["name"],
        alternateName=office["short_name"] if office["short_name"] != office["name"] else "",
        url=absolute(chrome["home_url"]),
        address=office["address"],
        telephone=office["telephone"],
        email=office["email"],
        location=_location(office),
    )


def _location(office: Mapping[str, Any]) -> Node | None:
    if not office["city_name"]:
        return None
    return node(
        "City", name=office["city_name"], geo=point(office["latitude"], office["longitude"])
    )


def _website(chrome: Mapping[str, Any]) -> Node:
    return node(
        "WebSite",
        id=absolute(f"/{WEBSITE}"),
        url=absolute(chrome["home_url"]),
        name=chrome["site_name"],
        inLanguage=chrome["html_lang"],
        publisher=the_office(),
        potentialAction=_search(chrome),
    )


def _search(chrome: Mapping[str, Any]) -> Node | None:
    if not chrome["search_url"]:
        return None
    return {
        "@type": "SearchAction",
        "target": {
            "@type": "EntryPoint",
            "urlTemplate": f"{absolute(chrome['search_url'])}?q={{search_term_string}}",
        },
        "query-input": "required name=search_term_string",
    }


def _trail(chrome: Mapping[str, Any], canonical: str, crumbs: Iterable[Mapping[str, str]]) -> Node:
    """The way to the page as its head shows it; the page itself needs no address."""
    steps = [{"label": _("Home"), "url": chrome["home_url"]}, *crumbs]
    return node(
        "BreadcrumbList",
        id=f"{canonical}#crumbs",
        itemListElement=[
            node(
                "ListItem",
                position=position,
                name=str(step["label"]),
                item=absolute(step["url"]) if step.get("url") else "",
            )
            for position, step in enumerate(steps, start=1)
        ],
    )


def _completed(found: Node, canonical: str) -> Node:
    """A node with the page's address in its id, and as its own where it names no other."""
    identity = found.get("@id", "")
    if not identity.startswith("#"):
        return found
    return {**found, "@id": canonical + identity, "url": found.get("url", canonical)}
