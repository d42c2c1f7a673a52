"""Articles in the back office."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.counting import with_readers
from news.models import Article, ArticlePhoto
from news.models.articles import RESERVED_SLUGS, Kind
from news.templatetags.news import registered_at
from oda_portal.admin import Shortcut, add_shortcuts
from oda_portal.files.small import small_picture
from oda_portal.publishing.admin import PUBLICATION, PublishableAdmin
from oda_portal.publishing.forms import SluggedForm
from oda_portal.publishing.kept_choices import KeptFilter, UsedFilter
from oda_portal.search.found_by_text import FoundByTextMixin

from .materials import ArticlePhotoInline, AttachmentInline


def kind_shortcuts() -> list[Shortcut]:
    return [
        Shortcut(str(label), f"kind__exact={kind}", f"kind={kind}") for kind, label in Kind.choices
    ]


add_shortcuts(Article, kind_shortcuts)


# Other years are slips of the finger: an article of 9999 would head every list, and a moment of the
# year 1 has no time in UTC that could be stored.
EARLIEST_YEAR = 1950
FURTHEST = timedelta(days=5 * 366)
MOMENTS = ("registered_at", "revised_at", "publish_at", "expire_at")


class ArticleForm(SluggedForm):
    taken_slugs = RESERVED_SLUGS

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in MOMENTS:
            if moment := self.cleaned_data.get(name):
                self._refuse_other_years(name, moment)
        return cleaned

    def _refuse_other_years(self, name: str, moment: datetime) -> None:
        """Looks at the day as it was typed, in Korea."""
        if moment.year < EARLIEST_YEAR:
            self.add_error(name, _("This date is too long ago. Check the year."))
        elif moment.date() > timezone.localdate() + FURTHEST:
            self.add_error(name, _("This date is too far away. Check the year."))


@admin.register(Article)
class ArticleAdmin(FoundByTextMixin, PublishableAdmin):
    form = ArticleForm
    list_display = (
        "title", "kind", "registered", "stage_badge", "pinned", "readers", "missing_languages",
    )  # fmt: skip
    list_filter = (
        "kind", "pinned", "ours", ("themes", KeptFilter), ("countries", UsedFilter),
    )  # fmt: skip
    search_fields = ("title", "slug")
    date_hierarchy = "registered_at"
    autocomplete_fields = (
        "programs", "countries", "cities", "organisations", "themes", "sources", "department",
    )  # fmt: skip
    inlines = (ArticlePhotoInline, AttachmentInline)
    fieldsets = (
        (None, {"fields": ("title", "summary", "body", "byline")}),
        (
            gettext_lazy("What kind of news"),
            {"fields": (("kind", "pinned", "ours"), "licence", "slug")},
        ),
        (
            gettext_lazy("Times that readers see"),
            {"fields": (("registered_at", "registered_precision"), "revised_at", "revision")},
        ),
        (
            gettext_lazy("What it is about"),
            {"fields": ("programs", "countries", "cities", "organisations", "themes")},
        ),
        PUBLICATION,
        (gettext_lazy("For editors"), {"fields": ("sources", "editor_note")}),
    )

    @admin.display(description=gettext_lazy("registered at"), ordering="registered_at")
    def registered(self, article: Article) -> SafeString | str:
        return registered_at(article)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return with_readers(super().get_queryset(request))

    @admin.display(description=gettext_lazy("readers"), ordering="readers")
    def readers(self, article: Article) -> int:
        return article.readers  # type: ignore[attr-defined]

    # --- acts and pictures ------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path(
                "photos/<int:photo_id>/",
                guarded(self.photo_view, cacheable=True),
                name="news_article_photo",
            ),
            *super().get_urls(),
        ]

    def photo_view(self, request: HttpRequest, photo_id: int) -> HttpResponseBase:
        inline = ArticlePhotoInline(self.model, self.admin_site)
        if not (self.has_view_permission(request) and inline.has_view_permission(request)):
            raise Http404
        photo: Any = get_object_or_404(ArticlePhoto.objects.exclude(image=""), pk=photo_id)
        try:
            return small_picture(photo.image)
        except FileNotFoundError as error:
            raise Http404 from error
