"""Filters of the library's lists."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.files.refusals import MEGABYTE
from oda_portal.library import uses
from oda_portal.library.models import Picture

# Wider than any page shows it, and heavier than a page needs.
LARGE_SIDE = 4000
LARGE_PICTURE = 5 * MEGABYTE
LARGE_DOCUMENT = 10 * MEGABYTE
# Narrower than pages show a picture alone.
SMALL_WIDTH = 960


class ReadyFilter(admin.SimpleListFilter):
    title = gettext_lazy("ready to use")
    parameter_name = "ready"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        languages = settings.LANGUAGES if model_admin.model is Picture else ()
        return [
            ("yes", _("Ready")),
            ("no", _("Needs a description")),
            *(
                (code, _("Missing in %(language)s") % {"language": name})
                for code, name in languages
            ),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "yes":
            return queryset.ready()
        if self.value() in dict(settings.LANGUAGES) and queryset.model is Picture:
            return queryset.to_be_described(self.value())
        return queryset.to_be_described() if self.value() == "no" else queryset


class UseFilter(admin.SimpleListFilter):
    title = gettext_lazy("where used")
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("Used")), ("no", _("Not used anywhere"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in ("yes", "no"):
            return queryset
        return uses.used(queryset, is_used=self.value() == "yes")


class SizeFilter(admin.SimpleListFilter):
    title = gettext_lazy("size")
    parameter_name = "measure"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if model_admin.model is not Picture:
            return [("large", _("Over 10 MB"))]
        return [
            ("large", _("Large: over 5 MB, or 4,000 pixels on a side")),
            ("small", _("Small: under 960 pixels wide")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        is_picture = queryset.model is Picture
        if self.value() == "small" and is_picture:
            return queryset.filter(width__lt=SMALL_WIDTH)
        if self.value() == "large" and is_picture:
            return (
                queryset.filter(bytes__gt=LARGE_PICTURE)
                | queryset.filter(width__gt=LARGE_SIDE)
                | queryset.filter(height__gt=LARGE_SIDE)
            )
        return queryset.filter(bytes__gt=LARGE_DOCUMENT) if self.value() == "large" else queryset


class LayoutFilter(admin.SimpleListFilter):
    """No filter of rows: how they are laid out, kept while one leafs and filters."""

    title = gettext_lazy("layout")
    parameter_name = "layout"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("list", _("List"))]

    def choices(self, changelist: Any) -> Any:
        yield {
            "selected": self.value() != "list",
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("Grid"),
        }
        yield {
            "selected": self.value() == "list",
            "query_string": changelist.get_query_string({self.parameter_name: "list"}),
            "display": _("List"),
        }

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset
