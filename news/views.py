"""Public pages of news."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from oda_portal.opendata.lists import with_data
from oda_portal.pages.furniture import foot_of
from oda_portal.publishing.freshness import public
from oda_portal.publishing.listing import listing, narrowed
from oda_portal.publishing.texts import text_in
from oda_portal.translating.telling import with_outdated

from .datasets import articles
from .filters import ArticleFilter
from .models import Article
from .models.articles import Kind
from .pages import ArticlePage, copyright_page, in_boxes, latest_articles, photo_strip, tiles_of
from .structured import of_article


@public
@with_data("news")
def article_list(request: HttpRequest) -> HttpResponse:
    """Pinned articles stand first among what fits the filters; photo news alone is a grid."""
    found = listing(request, ArticleFilter, articles())
    is_photos = request.GET.get("kind") == Kind.PHOTO
    return render(
        request,
        "news/article_list.html",
        {
            "listing": found,
            "title": _("Photo news") if is_photos else _("News"),
            "tiles": tiles_of(list(found.page)) if is_photos else None,
            "crumbs": [{"label": _("News")}],
        },
    )


@public
def article_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The filters of the list that led here travel in the address, for its neighbours."""
    every = Article.objects.published()
    article = get_object_or_404(with_outdated(every), slug=slug)
    is_narrowed = request.GET.keys() & ArticleFilter.base_filters.keys()
    rows, query = narrowed(request.GET, ArticleFilter, every) if is_narrowed else (every, "")
    beside = SimpleLazyObject(lambda: rows.beside(article))
    return render(
        request,
        "news/article_detail.html",
        {**_article_context(article), "beside": beside, "query": query},
    )


def _article_context(article: Article) -> dict[str, Any]:
    """What the page shows of one article, whatever list led to it.

    Most of it is written once for many readers: until then it is not asked for.
    """
    list_url = reverse("news:article_list")
    return {
        "article": article,
        "page": ArticlePage(article),
        "structured": SimpleLazyObject(partial(of_article, article)),
        "latest": latest_articles(),
        "strip": photo_strip(article),
        "in_boxes": in_boxes(article),
        "copyright_page": copyright_page(),
        "list_url": list_url,
        **foot_of(article),
        "crumbs": [
            {"label": _("News"), "url": list_url},
            {"label": article.get_kind_display(), "url": f"{list_url}?kind={article.kind}"},
            {"label": text_in(article, "title").text},
        ],
    }
