"""What the page of an article says, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Value, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import get_language

from oda_portal.files.models import Rendition
from oda_portal.files.renditions import renditions_for
from oda_portal.languages import CODES
from oda_portal.pages.furniture import furniture
from oda_portal.publishing.at_hand import at_hand
from oda_portal.publishing.models import language_column
from oda_portal.publishing.texts import text_in
from partners.models import City, Organisation
from programs.models import Photo, Program

from .models import Article, ArticlePhoto
from .models.articles import Kind

LATEST = 5
STRIP = 4
NAMES = [language_column("name", code) for code in CODES]


class Place:
    """A country, a city or an organisation that an article is about, by its kind and its key."""

    def __init__(self, kind: str, key: str, *names: str) -> None:
        self.kind, self.key = kind, key
        for column, name in zip(NAMES, names, strict=True):
            setattr(self, column, name)

    @property
    def url(self) -> str:
        if self.kind == "country":
            return f"{reverse('news:article_list')}?country={self.key}"
        return reverse(f"partners:{self.kind}_detail", args=[self.key])


@dataclass(frozen=True)
class Tile:
    """A picture in a grid: an article’s first one, or one of a programme with its caption.

    An article without a picture has its drawn cover.
    """

    article: Article | None
    photo: ArticlePhoto | Photo | None
    renditions: dict[int, list[Rendition]]

    @property
    def url(self) -> str:
        found: Any = self.article or self.photo
        return found.get_absolute_url()


def tiles_of(articles: list[Article]) -> list[Tile]:
    prefetch_related_objects(articles, "photos")
    photos = [photo for article in articles if (photo := article.first_photo)]
    sizes = renditions_for(photos)
    return [Tile(article, article.first_photo, sizes) for article in articles]


def latest_articles() -> list[Article]:
    """The newest ones, whatever is pinned; kept for the generation."""
    return at_hand("news:latest", _latest)


def _latest() -> list[Article]:
    return list(Article.objects.published().newest_first().for_lists()[:LATEST])


def photo_strip(article: Article | None = None) -> list[Tile]:
    """The newest photo news but for the article that is being read, then programmes’ pictures."""
    return [tile for tile in _strip() if article is None or tile.article != article][:STRIP]


def in_boxes(article: Article) -> int:
    """The article’s key where the boxes beside articles know of it, else 0.

    By it the boxes are drawn: all other articles have the same ones.
    """
    known = [*latest_articles(), *(tile.article for tile in _strip())]
    return article.pk if article in known else 0


def _strip() -> list[Tile]:
    """One more than is shown, should one of them be the article that is read."""
    return at_hand("news:photos", _newest_pictures)


def _newest_pictures() -> list[Tile]:
    rows = Article.objects.published().filter(kind=Kind.PHOTO).newest_first().for_lists()
    tiles = tiles_of(list(rows[: STRIP + 1]))
    photos = Photo.objects.filter(program__in=Program.objects.published().ours())
    newest = photos.order_by("-program__starts_on", "position", "pk")[:STRIP]
    shown = list(newest.select_related("program").prefetch_related("program__themes"))
    sizes = renditions_for(shown)
    return tiles + [Tile(None, photo, sizes) for photo in shown]


def copyright_page() -> dict[str, Any] | None:
    """The page that says what the licences mean (label, url), where the office has one."""
    kept = furniture(get_language() or settings.LANGUAGE_CODE)
    address = reverse("pages:page_detail", args=["copyright"])
    pages = [*kept["foot_pages"], *kept["about_pages"]]
    return next((page for page in pages if page["url"] == address), None)


class ArticlePage:
    """Asks for each kind of row once, when the template comes to it."""

    def __init__(self, article: Article) -> None:
        self.article = article

    @cached_property
    def photos(self) -> list[ArticlePhoto]:
        prefetch_related_objects([self.article], "photos")
        return list(self.article.photos.all())

    @cached_property
    def renditions(self) -> dict[int, list[Rendition]]:
        return renditions_for(self.photos)

    @cached_property
    def attachments(self) -> list[Any]:
        return list(self.article.attachments.all())

    @cached_property
    def programs(self) -> list[Program]:
        return list(Program.objects.published().filter(articles=self.article).newest_first())

    @cached_property
    def sources(self) -> list[Any]:
        return list(self.article.sources.all())

    @cached_property
    def _places(self) -> list[Place]:
        """Countries, cities and organisations with one question; what is not public is left out."""
        first, *others = self._asked()
        found = [Place(*values) for values in first.union(*others, all=True)]
        return sorted(found, key=lambda place: text_in(place, "name").text)

    def _asked(self) -> Iterator[QuerySet]:
        bodies = Organisation.objects.published().filter(articles=self.article)
        asked: tuple[tuple[str, str, QuerySet], ...] = (
            ("country", "code", self.article.countries.all()),
            ("city", "slug", City.objects.published().filter(articles=self.article)),
            ("organisation", "slug", bodies),
        )
        for kind, key, rows in asked:
            # Not rewritten for languages: that gives columns in an order of its own in each query.
            plain: Any = rows.order_by()
            yield plain.rewrite(False).values_list(Value(kind), key, *NAMES)

    @property
    def countries(self) -> list[Place]:
        return [place for place in self._places if place.kind == "country"]

    @property
    def cities(self) -> list[Place]:
        return [place for place in self._places if place.kind == "city"]

    @property
    def organisations(self) -> list[Place]:
        return [place for place in self._places if place.kind == "organisation"]
