"""What stands beside an article for its readers: what others read, and ways to pass it on."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from news import sharing
from news.counting import most_viewed as articles_most_viewed
from news.models import Article
from oda_portal.publishing.texts import text_in

register = template.Library()


class Period(NamedTuple):
    label: str
    articles: list[Article]


@register.inclusion_tag("news/most_viewed.html")
def most_viewed(article: Article | None = None) -> dict[str, Any]:
    """The articles with most readers, in three periods; `article` is the one being read."""
    labels = {7: _("Last 7 days"), 30: _("Last 30 days"), None: _("All time")}
    lists = articles_most_viewed().items()
    periods = [Period(labels[days], articles) for days, articles in lists if articles]
    return {"periods": periods, "article": article}


@register.inclusion_tag("news/tools.html")
def article_tools(article: Article) -> dict[str, Any]:
    """Print, copy the address, share, send by email."""
    address = settings.SITE_URL + article.get_absolute_url()
    return {
        "article": article,
        "address": address,
        "shares": sharing.links(address, text_in(article, "title").text),
    }
