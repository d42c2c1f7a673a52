"""The links in a page's head by which a reader's program finds the feeds and the calendar."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from news.filters import ArticleFilter
from news.models.articles import Kind
from oda_portal.calendars.occasions import kinds
from oda_portal.pages.furniture import office

register = template.Library()


@register.inclusion_tag("feeds/head_links.html")
def feed_links(calendar: str = "") -> dict[str, Any]:
    """Atom of all news, and the calendar: of one kind of event, where the page is about it."""
    name, known = office()["name"], kinds()
    about = known.get(calendar) or _("All deadlines and events")
    return {
        "title": name,
        "atom": reverse("feeds:news_atom"),
        "calendar": reverse("feeds:calendar") + (f"?kind={calendar}" if calendar in known else ""),
        "calendar_title": f"{name} · {about}",
    }


@register.inclusion_tag("feeds/head_links.html", takes_context=True)
def news_links(context: template.Context) -> dict[str, Any]:
    """Atom and RSS of all news, or of what the list is filtered by."""
    asked = context["request"].GET
    chosen, names = {}, [office()["name"]]
    for key, labels in (("kind", dict(Kind.choices)), ("country", _countries())):
        if (value := asked.get(key, "")) in labels:
            chosen[key] = value
            names.append(str(labels[value]))
    query = f"?{urlencode(chosen)}" if chosen else ""
    return {
        **feed_links(),
        "title": " · ".join(names),
        "atom": reverse("feeds:news_atom") + query,
        "rss": reverse("feeds:news_rss") + query,
    }


def _countries() -> dict[str, Any]:
    """Those that there is news of; kept for the generation, as the list's own filter has them."""
    return dict(ArticleFilter().filters["country"].extra["choices"])
