"""What the page of an article tells machines."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from oda_portal.publishing.texts import text_in
from oda_portal.structured import nodes
from oda_portal.structured.nodes import Node, language_of, node, said
from oda_portal.structured.pages import PageData
from oda_portal.structured.pictures.addresses import address_of
from oda_portal.structured.pictures.registry import Card, Pictured, picture_of, register

from .models import Article
from .models.articles import Registered

# Longer headlines are refused by those who read them.
HEADLINE = 110


def register_pictures() -> None:
    register(Pictured(kind="article", rows=_public, key="slug", card=_card))


def _public() -> QuerySet:
    return Article.objects.published().for_lists()


def of_article(article: Article) -> PageData:
    picture = picture_of("article", article)
    about = node(
        "NewsArticle",
        id="#article",
        headline=_headline(said(article, "title")),
        description=said(article, "summary"),
        inLanguage=language_of(article, "title"),
        datePublished=_registered(article),
        dateModified=nodes.moment(article.revised_at),
        author=_author(article),
        publisher=nodes.the_office(),
        articleSection=str(article.get_kind_display()),
        image=address_of(picture),
        isAccessibleForFree=True,
    )
    return PageData((about,), picture, kind="article")


def _headline(title: str) -> str:
    return title if len(title) <= HEADLINE else title[: HEADLINE - 1].rstrip() + "…"


def _registered(article: Article) -> str | None:
    if article.registered_precision == Registered.TIME:
        return nodes.moment(article.registered_at)
    return nodes.day(timezone.localdate(article.registered_at), article.precision)


def _author(article: Article) -> Node | None:
    """The office that the byline names; a partner's news without one is nobody's of ours."""
    if byline := said(article, "byline"):
        return node("Organization", name=byline)
    return nodes.the_office() if article.ours else None


def _card(article: Article) -> Card:
    label = str(article.get_kind_display())
    return Card(text_in(article, "title"), label, article.cover_seed, article.palette)
