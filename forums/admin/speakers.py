"""Speakers, and the series that editions belong to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from forums.models import Series, Speaker
from oda_portal.publishing.admin import RecordAdmin
from oda_portal.publishing.forms import SluggedForm
from programs.admin.corrections import CorrectedAdmin


@admin.register(Speaker)
class SpeakerAdmin(CorrectedAdmin):
    list_display = ("name", "post", "organisation")
    list_select_related = ("organisation",)
    search_fields = ("name", "post")
    autocomplete_fields = ("organisation",)
    fieldsets = ((None, {"fields": ("name", "post", "organisation", "bio")}),)


class SeriesForm(SluggedForm):
    slug_source = "name"


@admin.register(Series)
class SeriesAdmin(RecordAdmin):
    form = SeriesForm
    list_display = ("name", "slug", "position")
    search_fields = ("name", "slug")
    fieldsets = ((None, {"fields": ("name", "slug", "position")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # Filtered lists are linked and bookmarked by it.
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]
