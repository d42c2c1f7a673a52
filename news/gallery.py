"""The gallery: photographs of programmes and of news in one list, the newest first.

They stand in two tables. The list is made of their keys alone (`entries`); only those of one page
are fetched whole (`pictures`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import django_filters
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.files.models import Rendition
from oda_portal.files.renditions import renditions_for
from oda_portal.languages import CODES
from oda_portal.publishing.at_hand import at_hand
from oda_portal.publishing.listing import Choice, choices_of
from oda_portal.publishing.models import language_column
from partners.models import Country
from programs.models import Photo, Program, ProgramQuerySet
from programs.models.program import Kind
from programs.offered import years as years_of_programs

from .filters import CHOICES as OF_NEWS
from .models import Article, ArticlePhoto, ArticleQuerySet

Choices = list[tuple[str, str]]
PROGRAM, NEWS = "program", "news"
BODIES = ["body", *(language_column("body", code) for code in CODES)]


class Entry(NamedTuple):
    """One picture by its table and key; the rest is what they stand in order by."""

    source: str
    pk: int
    day: date
    owner: int
    position: int

    @property
    def url(self) -> str:
        return reverse("gallery:photo_detail", args=[self.source, self.pk])


@dataclass(frozen=True)
class Picture:
    entry: Entry
    photo: Photo | ArticlePhoto
    # Of all pictures of its table that were fetched with it.
    renditions: Mapping[int, list[Rendition]]

    @property
    def url(self) -> str:
        return self.entry.url

    @property
    def owner(self) -> Program | Article:
        """What it belongs to, and is published with."""
        return self.photo.program if isinstance(self.photo, Photo) else self.photo.article

    @property
    def kind(self) -> str:
        return self.owner.get_kind_display()


def entries(programs: ProgramQuerySet, articles: ArticleQuerySet) -> QuerySet:
    """The keys of all pictures of these, as the gallery shows them; `read` makes them entries."""
    columns = ("source", "pk", "day", "owner", "position")
    # Of a programme without a date nothing says when it was: it comes last.
    of_programs = Photo.objects.filter(program__in=programs.order_by()).annotate(
        source=Value(PROGRAM),
        day=Coalesce("program__starts_on", Value(date.min)),
        owner=F("program"),
    )
    of_articles = ArticlePhoto.objects.filter(article__in=articles.order_by()).annotate(
        source=Value(NEWS), day=TruncDate("article__registered_at"), owner=F("article")
    )
    first, second = (rows.order_by().values_list(*columns) for rows in (of_programs, of_articles))
    return first.union(second, all=True).order_by("-day", "source", "-owner", "position", "pk")


def read(rows: Iterable[Any]) -> list[Entry]:
    return [Entry(*row) for row in rows]


def pictures(wanted: list[Entry]) -> list[Picture]:
    """The pictures of these entries, in their order; one that has gone meanwhile is left out."""
    tables = {
        PROGRAM: Photo.objects.select_related("program").prefetch_related("program__themes"),
        NEWS: ArticlePhoto.objects.select_related("article"),
    }
    found: dict[str, tuple[dict[int, Any], dict[int, list[Rendition]]]] = {}
    for source, table in tables.items():
        keys = [entry.pk for entry in wanted if entry.source == source]
        owners = [f"{'article' if source == NEWS else source}__{body}" for body in BODIES]
        photos = table.defer(*owners).in_bulk(keys)
        found[source] = (photos, renditions_for(photos.values()))
    return [
        Picture(entry, found[entry.source][0][entry.pk], found[entry.source][1])
        for entry in wanted
        if entry.pk in found[entry.source][0]
    ]


def named(source: str, pk: int) -> Picture | None:
    """One picture that the gallery shows, by its table and key."""
    programs, articles = Program.objects.none(), Article.objects.none()
    if source == PROGRAM:
        of_program = Photo.objects.filter(pk=pk).values("program")
        programs = Program.objects.published().filter(pk__in=of_program)
    elif source == NEWS:
        of_article = ArticlePhoto.objects.filter(pk=pk).values("article")
        articles = Article.objects.published().filter(pk__in=of_article)
    found = [entry for entry in read(entries(programs, articles)) if entry.pk == pk]
    return next(iter(pictures(found)), None)


# --- filters -----------------------------------------------------------------------------------


def _with_pictures() -> tuple[ProgramQuerySet, ArticleQuerySet]:
    programs = Program.objects.published().filter(pk__in=Photo.objects.values("program"))
    articles = Article.objects.published().filter(pk__in=ArticlePhoto.objects.values("article"))
    return programs, articles


def _years() -> Choices:
    programs, articles = _with_pictures()
    return sorted({*years_of_programs(programs).choices, *OF_NEWS["year"](articles)}, reverse=True)


def _countries() -> Choices:
    programs, articles = _with_pictures()
    shown = Q(programs__in=programs) | Q(articles__in=articles)
    return choices_of(Country.objects.filter(shown), "code")


def _kinds() -> Choices:
    programs, articles = _with_pictures()
    there = set(programs.order_by().values_list("kind", flat=True).distinct())
    news = [(NEWS, _("News"))] if articles.exists() else []
    return [(kind, str(label)) for kind, label in Kind.choices if kind in there] + news


# What the published pictures have.
CHOICES: dict[str, Callable[[], Choices]] = {
    "kind": _kinds,
    "country": _countries,
    "year": _years,
}


class GalleryFilter(django_filters.FilterSet):
    """Its parameters mean what they mean in the lists of programmes and of news."""

    kind = Choice(label=gettext_lazy("Kind"))
    country = Choice(label=gettext_lazy("Country or area"))
    year = Choice(label=gettext_lazy("Year"))

    class Meta:
        model = Photo
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = translation.get_language()
        for name, make in CHOICES.items():
            kept = at_hand(f"choices:gallery-{name}:{language}", make)
            self.filters[name].extra["choices"] = kept

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Both tables are filtered before they are joined into one list."""
        programs, articles = Program.objects.published(), Article.objects.published()
        chosen = self.form.cleaned_data
        if year := chosen.get("year"):
            programs, articles = programs.in_year(int(year)), articles.in_year(int(year))
        if country := chosen.get("country"):
            programs = programs.filter(countries__code=country)
            articles = articles.filter(countries__code=country)
        if kind := chosen.get("kind"):
            programs = programs.filter(kind=kind)
            articles = articles.filter(pk__in=[] if kind != NEWS else articles.values("pk"))
        return entries(programs, articles)
