"""Which records of this app are looked after, and where their addresses lead."""

from __future__ import annotations

from oda_portal.care import links
from oda_portal.care.registry import Cared, register

from .models import Article


def register_all() -> None:
    links.leads_to("news:article_detail", Article, slug="slug")
    # News tell of their day, and stay as they were.
    register(Cared(Article, wanted=("summary",), revise_after=None))
