"""Readers of articles, as their browsers present themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from news.models import Article, DailyViews

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Mobile Safari/537.36 KAKAOTALK/25.1.0"
)
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


def look(
    client: Client, article: Article, *, agent: str = PHONE, at: str = "203.0.113.7", **more: Any
) -> HttpResponse:
    """Ask for the picture that counts."""
    headers = {"User-Agent": agent, **more.pop("headers", {})}
    method = getattr(client, more.pop("method", "get"))
    return method(f"/news/{article.slug}/seen.gif", REMOTE_ADDR=at, headers=headers)


def readers(article: Article) -> int:
    return sum(DailyViews.objects.filter(article=article).values_list("count", flat=True))
