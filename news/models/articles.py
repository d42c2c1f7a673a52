"""`Article`: a notice, a press release, a story or photo news, in three languages."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from oda_portal.library.licences import Licence
from oda_portal.publishing.models import (
    Precision,
    Publishable,
    PublishableQuerySet,
    Source,
    language_column,
)
from oda_portal.publishing.rich import RichTextField
from partners.models import City, Country, Organisation
from programs.models import Program, Theme


class Kind(models.TextChoices):
    NOTICE = "notice", pgettext_lazy("news", "Notice")
    PRESS = "press", _("Press release")
    STORY = "story", pgettext_lazy("news", "Story")
    PHOTO = "photo", _("Photo news")


class Registered(models.TextChoices):
    """How much of the time of registration is known."""

    TIME = "time", _("Day and time")
    DAY = "day", _("Day")
    MONTH = "month", _("Month")


# What is alike looks alike, also without a picture.
PALETTES = {
    Kind.NOTICE: Theme.Palette.OCEAN,
    Kind.PRESS: Theme.Palette.CITY,
    Kind.STORY: Theme.Palette.PEOPLE,
    Kind.PHOTO: Theme.Palette.CULTURE,
}


# Addresses below that of the news which are no articles.
RESERVED_SLUGS = frozenset({"subscribe"})


class ArticleQuerySet(PublishableQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-registered_at", "-pk")

    def pinned_first(self) -> Self:
        return self.order_by("-pinned", "-registered_at", "-pk")

    def for_lists(self) -> Self:
        """Without the long texts, which no list shows."""
        bodies = [language_column("body", code) for code in settings.MODELTRANSLATION_LANGUAGES]
        return self.defer("body", *bodies, "editor_note")

    def in_year(self, year: int) -> Self:
        """Registered in this year of Korea."""
        return self.filter(registered_at__year=year)

    def written_in(self, language: str) -> Self:
        """With a title in this very language."""
        column = language_column("title", language)
        return self.exclude(**{column: ""}).exclude(**{f"{column}__isnull": True})

    def beside(self, article: Article) -> tuple[Article | None, Article | None]:
        """The next older and the next newer one of these rows, in the reader's language.

        By the time of registration alone: pinning changes the list, and no article's place in it.
        """
        rows, at = self.written_in(get_language() or settings.LANGUAGE_CODE), article.registered_at
        older = rows.filter(registered_at__lte=at).exclude(registered_at=at, pk__gte=article.pk)
        newer = rows.filter(registered_at__gte=at).exclude(registered_at=at, pk__lte=article.pk)
        ends = [older.newest_first(), newer.order_by("registered_at", "pk")]
        match = Q()
        for end in ends:
            match |= Q(pk=Subquery(end.values("pk")[:1]))
        place = (at, article.pk)
        found = sorted(
            Article.objects.filter(match).for_lists(),
            key=lambda row: (row.registered_at, row.pk),
        )
        before = [row for row in found if (row.registered_at, row.pk) < place]
        after = [row for row in found if (row.registered_at, row.pk) > place]
        return (before[-1] if before else None), (after[0] if after else None)


class Article(Publishable):
    """`registered_at` is the time that readers see; when it is shown is `publish_at`'s matter."""

    slug = models.SlugField(pgettext_lazy("web", "address"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PRESS)
    ours = models.BooleanField(
        _("the office’s own news"),
        default=True,
        help_text=_("Untick for a partner’s news: it is marked as such everywhere."),
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), max_length=400, blank=True)
    body = RichTextField(_("text"), blank=True)
    byline = models.CharField(
        _("byline"),
        max_length=120,
        blank=True,
        help_text=_("Who wrote it: an office, not a person."),
    )
    registered_at = models.DateTimeField(
        _("registered at"), default=timezone.now, help_text=_("Korea time.")
    )
    registered_precision = models.CharField(
        _("accurate to the"), max_length=5, choices=Registered, default=Registered.TIME
    )
    revised_at = models.DateTimeField(
        _("revised at"), null=True, blank=True, help_text=_("Korea time. Readers see a mark.")
    )
    revision = models.CharField(
        _("what was revised"), max_length=200, blank=True, help_text=_("Readers see it.")
    )
    pinned = models.BooleanField(
        _("pinned"), default=False, help_text=_("Shown at the top of the news list.")
    )
    licence = models.PositiveSmallIntegerField(
        _("licence"), choices=Licence, default=Licence.TYPE_1
    )
    programs = models.ManyToManyField(
        Program, verbose_name=_("programmes"), related_name="articles", blank=True
    )
    countries = models.ManyToManyField(
        Country, verbose_name=_("countries"), related_name="articles", blank=True
    )
    cities = models.ManyToManyField(
        City, verbose_name=_("cities"), related_name="articles", blank=True
    )
    organisations = models.ManyToManyField(
        Organisation, verbose_name=_("organisations"), related_name="articles", blank=True
    )
    themes = models.ManyToManyField(
        Theme, verbose_name=_("themes"), related_name="articles", blank=True
    )
    sources = models.ManyToManyField(
        Source, verbose_name=_("sources"), related_name="+", blank=True
    )
    editor_note = models.TextField(
        _("note for editors"), blank=True, help_text=_("Never shown on the site.")
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-registered_at", "-pk"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            models.Index(fields=["-registered_at", "-id"], name="article_newest_first"),
            models.Index(fields=["-pinned", "-registered_at", "-id"], name="article_pinned_first"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("news:article_detail", args=[self.slug])

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("Another page uses this address. Choose another.")})
        columns = [
            language_column("revision", code) for code in settings.MODELTRANSLATION_LANGUAGES
        ]
        if not self.revised_at and any(getattr(self, column) for column in columns):
            raise ValidationError({"revised_at": _("Say when it was revised.")})

    @property
    def precision(self) -> Precision:
        """How much of the day of registration is known."""
        is_month = self.registered_precision == Registered.MONTH
        return Precision.MONTH if is_month else Precision.DAY

    @property
    def cover_seed(self) -> str:
        """An article without a picture has a drawn cover, always the same."""
        return f"article-{self.slug}"

    @property
    def palette(self) -> str:
        return PALETTES[Kind(self.kind)]

    @property
    def first_photo(self) -> Any:
        """Reads the photos that were fetched."""
        return next(iter(self.photos.all()), None)
