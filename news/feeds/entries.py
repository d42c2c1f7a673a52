"""From articles to the entries of a feed: names that never change, HTML that stands anywhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import nh3
from django.conf import settings
from django.utils import timezone, translation
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from news.models import Article, ArticleQuerySet
from oda_portal.calendars.ics import host
from oda_portal.languages import HTML_LANG
from oda_portal.publishing.texts import (
    ALLOWED_ATTRIBUTES,
    ALLOWED_TAGS,
    Text,
    clean_html,
    text_in,
    without_controls,
)

MOST = 30
# A tag URI (RFC 4151) names who gave the names, and since when the host was theirs.
SINCE = "2026"


def tag(what: str) -> str:
    """A name that stays when addresses change: `tag:host,2026:what`."""
    return f"tag:{host()},{SINCE}:{what}"


def newest(kind: str, country: str) -> ArticleQuerySet:
    """What everybody may read now, newest first: of a kind, about a country, or all."""
    rows = Article.objects.published().newest_first()
    if kind:
        rows = rows.filter(kind=kind)
    if country:
        rows = rows.filter(countries__code=country)
    return rows.prefetch_related("countries", "organisations")[:MOST]


def entry_of(article: Article, office: str) -> dict[str, Any]:
    """What `add_item` takes. The name is the article’s in this language, whatever its address."""
    title, language = text_in(article, "title"), translation.get_language()
    address = settings.SITE_URL + article.get_absolute_url()
    return {
        "title": without_controls(title.text),
        "link": address,
        "description": without_controls(escape(text_in(article, "summary").text)),
        "content": content_of(article, title.language, address),
        "unique_id": tag(f"news/{article.pk}/{language}"),
        "unique_id_is_permalink": False,
        "author_name": without_controls(_author(article, office)),
        "pubdate": timezone.localtime(article.registered_at),
        "updateddate": timezone.localtime(
            max(article.registered_at, article.revised_at or article.registered_at)
        ),
        "categories": [without_controls(word) for word in _categories(article)],
        "lang": HTML_LANG[title.language],
    }


def content_of(article: Article, language: str, address: str) -> str:
    """The whole text as HTML; a part in another language than the entry’s says so itself."""
    summary, body = text_in(article, "summary"), text_in(article, "body")
    parts = []
    if summary.text:
        parts.append(_marked(format_html("<p>{}</p>", summary.text), summary, language))
    if body.text:
        html = mark_safe(absolute(clean_html(body.text), address))  # noqa: S308  (clean)
        parts.append(_marked(html, body, language))
    return without_controls("\n".join(parts))


def absolute(html: str, address: str) -> str:
    """Clean HTML whose links lead to the same places from anywhere."""

    def whole(tag: str, attribute: str, value: str) -> str:
        return urljoin(address, value) if attribute == "href" else value

    return nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
        attribute_filter=whole,
    )


def _marked(html: str, text: Text, language: str) -> str:
    if text.language == language:
        return html
    return format_html('<div lang="{}">{}</div>', HTML_LANG[text.language], html)


def _author(article: Article, office: str) -> str:
    """Who wrote it; of a partner’s news, the partner."""
    byline = text_in(article, "byline").text
    partners = [] if article.ours else [_name(row) for row in article.organisations.all()]
    return byline or ", ".join(partners) or office


def _categories(article: Article) -> list[str]:
    """Kind, countries, and that a partner reports."""
    words = [str(article.get_kind_display()), *map(_name, article.countries.all())]
    return words if article.ours else [*words, _("Partner’s news")]


def _name(row: Any) -> str:
    return text_in(row, "name").text
