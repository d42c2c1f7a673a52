"""What base.html tells machines of a page: structured data, and how it looks when it is shared."""

from __future__ import annotations

import html
from typing import Any

from django import template
from django.template.base import NodeList
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from oda_portal.languages import HTML_LANG, absolute
from oda_portal.publishing.at_hand import at_hand
from oda_portal.structured.graph import graph_of, script_of
from oda_portal.structured.pages import PageData
from oda_portal.structured.pictures.addresses import HEIGHT, WIDTH, address_of
from oda_portal.structured.pictures.registry import Picture, portal_picture

register = template.Library()

# What Open Graph calls the languages of the site.
LOCALES = {"ko": "ko_KR", "en": "en_US", "zh-hans": "zh_CN"}
# A description is cut by whoever shows it; this is more than any of them takes.
MOST = 300


@register.simple_tag(takes_context=True)
def structured_data(context: template.Context) -> SafeString | str:
    """The graph of a public page; nothing on pages of somebody's own, and in previews."""
    if not getattr(context.get("request"), "is_public_page", False):
        return ""
    data: PageData = context.get("structured") or PageData()
    return script_of(
        graph_of(
            context["chrome"],
            canonical=_canonical(context),
            crumbs=context.get("crumbs") or (),
            about=() if data.is_demonstration else data.nodes,
        )
    )


@register.inclusion_tag("components/open_graph.html", takes_context=True)
def open_graph(context: template.Context) -> dict[str, Any]:
    """Title, description and address are the page's own blocks: they cannot differ from it."""
    data: PageData = context.get("structured") or PageData()
    chrome = context["chrome"]
    here = next(code for code, name in HTML_LANG.items() if name == chrome["html_lang"])
    is_home = chrome["canonical"] == absolute(chrome["home_url"])
    image, alt = _image(data.picture) if data.picture else _image_of_the_portal()
    return {
        "site_name": chrome["site_name"],
        "kind": data.kind,
        "title": chrome["site_name"] if is_home else _block(context, "title"),
        "description": _shortened(_block(context, "description")),
        "address": _canonical(context),
        "locale": LOCALES[here],
        "other_locales": [locale for code, locale in LOCALES.items() if code != here],
        "image": image,
        "alt": alt,
        "width": WIDTH,
        "height": HEIGHT,
    }


def _image(picture: Picture) -> tuple[str, str]:
    """Address, and what it says."""
    return address_of(picture), picture.card.title.text


def _image_of_the_portal() -> tuple[str, str]:
    return at_hand(f"image:{get_language()}", lambda: _image(portal_picture()))


def _canonical(context: template.Context) -> str:
    return _block(context, "canonical") or context["chrome"]["canonical"]


def _block(context: template.Context, name: str) -> str:
    """What the page puts into a block of base.html: once more, as plain text on one line."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    if blocks is None or blocks.get_block(name) is None:
        return ""
    return " ".join(html.unescape(BlockNode(name, NodeList()).render(context)).split())


def _shortened(text: str) -> str:
    return text if len(text) <= MOST else text[: MOST - 1].rstrip() + "…"
