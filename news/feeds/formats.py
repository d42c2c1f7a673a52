"""Atom 1.0 (RFC 4287) and RSS 2.0, beyond what Django writes: languages, content, stable times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

# A feed without entries says the same each time it is asked for.
BEFORE_ANY_NEWS = datetime(2026, 1, 1, tzinfo=UTC)


class LanguagesMarked(SyndicationFeed):
    """Each entry says in which language it is; a feed may hold some that are not translated."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {**super().item_attributes(item), "xml:lang": item["lang"]}

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else BEFORE_ANY_NEWS


class Atom(LanguagesMarked, Atom1Feed):
    content_type = "application/atom+xml; charset=utf-8"

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


class Rss(LanguagesMarked, Rss201rev2Feed):
    """Its entries have one text: the whole."""

    content_type = "application/rss+xml; charset=utf-8"

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": item["content"]})
