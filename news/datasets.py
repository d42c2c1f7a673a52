"""What of the news and the gallery is published as data; the columns are listed by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.files.models import Rendition
from oda_portal.library.licences import Licence
from oda_portal.opendata.columns import (
    Column,
    Type,
    absolute,
    changed,
    choice,
    page_address,
    several,
    stored,
    text,
)
from oda_portal.opendata.registry import Dataset, register
from oda_portal.publishing.parts import in_parts
from partners.models import City, Organisation
from programs.models import Photo, Program
from programs.models.program import Kind as ProgramKind

from .filters import ArticleFilter
from .gallery import NEWS, GalleryFilter, Picture, entries, named, pictures, read
from .models import Article, ArticleQuerySet
from .models.articles import Kind, Registered

# Pictures that are fetched at a time.
AT_ONCE = 500

ARTICLES = (
    stored("slug", _("Last part of its address on this site")),
    *text("title", _("Title")),
    *text("summary", _("Summary")),
    *choice("kind", _("Kind"), Kind),
    stored("ours", _("Whether it is the office’s own news, and not a partner’s"), Type.BOOLEAN),
    *text("byline", _("Byline: an office, not a person")),
    stored("registered_at", _("Registered at"), Type.MOMENT),
    *choice("registered_precision", _("How much of that time is known"), Registered),
    stored("revised_at", _("Revised at"), Type.MOMENT, nullable=True),
    *text("revision", _("What was revised")),
    stored("pinned", _("Whether it stands at the top of the list"), Type.BOOLEAN),
    *choice("licence", _("Licence (type of the Korea Open Government License)"), Licence),
    *several(
        "program", _("Programmes"), lambda row: row.programs.all(), code="code", label="title"
    ),
    *several("country", _("Countries or areas"), lambda row: row.countries.all(), code="code"),
    *several("city", _("Cities"), lambda row: row.cities.all(), code="slug"),
    *several("organisation", _("Organisations"), lambda row: row.organisations.all(), code="slug"),
    *several("theme", _("Themes"), lambda row: row.themes.all(), code="slug"),
    page_address(),
    changed(),
)


def _photo(picture: Picture) -> Any:
    return picture.photo


def _largest(picture: Picture) -> Rendition | None:
    """The largest JPEG that is given out; None for the caption of a picture that we do not have."""
    made = picture.renditions.get(picture.photo.pk, [])
    found = [row for row in made if row.format == Rendition.Format.JPEG]
    return max(found, key=lambda row: row.width, default=None)


def _address(picture: Picture) -> str | None:
    found = _largest(picture)
    return absolute(found.file.url) if found else None


def _number(name: str) -> Any:
    return lambda picture: getattr(_largest(picture), name, None)


PHOTOS = (
    Column(
        name="id",
        about=_("ID of the picture, after what it belongs to"),
        value=lambda row: f"{row.entry.source}-{row.entry.pk}",
    ),
    *text("caption", _("Caption"), of=_photo),
    *text("alt", _("What it shows, for people who cannot see it"), of=_photo),
    *choice(
        "kind",
        _("Kind of the programme that it belongs to, or news"),
        [*ProgramKind.choices, (NEWS, _("News"))],
        value=lambda row: NEWS if row.entry.source == NEWS else row.owner.kind,
    ),
    stored("credit", _("Credit"), of=_photo, nullable=True),
    *choice(
        "licence", _("Licence (type of the Korea Open Government License)"), Licence, of=_photo
    ),
    Column(
        name="program_code",
        about=_("Code of its programme"),
        value=lambda row: None if row.entry.source == NEWS else row.owner.code,
        nullable=True,
    ),
    Column(
        name="article_slug",
        about=_("The article that it belongs to"),
        value=lambda row: row.owner.slug if row.entry.source == NEWS else None,
        nullable=True,
    ),
    Column(
        name="image_url",
        about=_("The picture; empty where only its caption is known"),
        value=_address,
        type=Type.ADDRESS,
        nullable=True,
    ),
    Column(
        name="width",
        about=_("Width in pixels"),
        value=_number("width"),
        type=Type.INTEGER,
        nullable=True,
    ),
    Column(
        name="height",
        about=_("Height in pixels"),
        value=_number("height"),
        type=Type.INTEGER,
        nullable=True,
    ),
    Column(
        name="url",
        about=_("Its page on this site"),
        value=lambda row: absolute(row.url),
        type=Type.ADDRESS,
        worded=True,
    ),
)


def articles() -> ArticleQuerySet:
    return Article.objects.published().pinned_first().for_lists()


class Pictures:
    """The pictures of a list of entries, fetched part by part as they are read.

    They stand in two tables, so that no QuerySet could hold them.
    """

    def __init__(self, rows: QuerySet) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return self.rows.count()

    def __getitem__(self, wanted: slice) -> list[Picture]:
        return pictures(read(self.rows[wanted]))

    def __iter__(self) -> Iterator[Picture]:
        for part in in_parts(self.rows, AT_ONCE):
            yield from pictures(read(part))


class PictureFilter(GalleryFilter):
    """The gallery’s filters, with the pictures for their keys."""

    def __init__(self, data: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        super().__init__(data, Photo.objects.none(), **kwargs)  # both tables are read anew

    def filter_queryset(self, queryset: Any) -> Any:
        return Pictures(super().filter_queryset(queryset))


def photos() -> Pictures:
    return Pictures(entries(Program.objects.published(), Article.objects.published()))


def _named(key: str) -> Picture | None:
    """The picture that `<source>-<pk>` names, without looking at all the others."""
    source, _sep, number = key.partition("-")
    if not re.fullmatch("[1-9][0-9]{0,17}", number):
        return None
    return named(source, int(number))


def register_all() -> None:
    register(
        Dataset(
            name="news",
            title=_("News"),
            about=_("Notices, press releases, stories and photo news, with what they are about."),
            columns=ARTICLES,
            rows=lambda: articles().prefetch_related(
                Prefetch("programs", Program.objects.published().filter(is_demonstration=False)),
                Prefetch("cities", City.objects.published()),
                Prefetch("organisations", Organisation.objects.published()),
                "countries",
                "themes",
            ),
            key="slug",
            filters=ArticleFilter,
            page="news:article_list",
            keywords=(_("News"), _("Press release")),
        )
    )
    register(
        Dataset(
            name="photos",
            title=_("Gallery"),
            about=_("Pictures of programmes and news: captions, text alternatives and licences."),
            columns=PHOTOS,
            rows=photos,
            key="id",
            find=_named,
            filters=PictureFilter,
            page="gallery:photo_list",
            keywords=(pgettext_lazy("keyword", "Photographs"),),
            changed="",
        )
    )
