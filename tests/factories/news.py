"""News."""

from __future__ import annotations

import factory

from news.models import Article

from .bases import PublishedFactory, in_three


class ArticleFactory(PublishedFactory):
    class Meta:
        model = Article

    slug = factory.Sequence(lambda n: f"article-{n}")
    locals().update(in_three("title", "새 소식 {n}", "News item {n}", "新闻{n}"))
    locals().update(in_three("summary", "한 줄로 말한 소식 {n}.", "In one line {n}.", "摘要{n}。"))
