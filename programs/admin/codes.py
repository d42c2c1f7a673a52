"""Themes and sectors."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from oda_portal.publishing.admin import RecordAdmin
from oda_portal.publishing.forms import SluggedForm
from programs.models import Sector, Theme


class ThemeForm(SluggedForm):
    slug_source = "name"


@admin.register(Theme)
class ThemeAdmin(RecordAdmin):
    form = ThemeForm
    list_display = ("name", "slug", "palette", "position")
    search_fields = ("name", "slug")
    fieldsets = ((None, {"fields": ("name", "slug", ("palette", "position"))}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # Filtered lists are linked and bookmarked by it.
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]


@admin.register(Sector)
class SectorAdmin(RecordAdmin):
    list_display = ("code", "name")
    search_fields = ("code", "name")
    fieldsets = ((None, {"fields": ("code", "name")}),)
