"""The links in a page's head by which a reader's program finds the feeds."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from news.models.articles import Kind
from oda_portal.pages.furniture import office

register = template.Library()


@register.inclusion_tag("feeds/head_links.html", takes_context=True)
def feed_links(context: template.Context) -> dict[str, Any]:
    """Atom and RSS of all news, or of the kind that the list is filtered by."""
    kind = context["request"].GET.get("kind", "")
    known = kind in Kind.values
    query = f"?{urlencode({'kind': kind})}" if known else ""
    title = f"{office()['name']} · {Kind(kind).label}" if known else office()["name"]
    return {
        "title": title,
        "atom": reverse("feeds:news_atom") + query,
        "rss": reverse("feeds:news_rss") + query,
    }
