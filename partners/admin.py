"""Countries, cities, organisations and agreements in the back office."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from oda_portal.library.forms import FromLibraryForm, HeldField
from oda_portal.library.models import Document
from oda_portal.publishing.admin import PUBLICATION, PublishableAdmin, RecordAdmin
from oda_portal.publishing.forms import SluggedForm

from .desk import ending
from .iati import admin as iati_admin
from .meetings import admin as meetings_admin
from .models import Agreement, City, Country, Organisation
from .network import admin as network_admin

__all__ = ["iati_admin", "meetings_admin", "network_admin"]


class NamedForm(SluggedForm):
    slug_source = "name"


@admin.register(City)
class CityAdmin(PublishableAdmin):
    form = NamedForm
    main_text = "name"
    list_display = (
        "name", "country", "relation", "agreed_on", "stage_badge", "missing_languages",
        "changed_at",
    )  # fmt: skip
    list_filter = ("relation", ("country", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("country",)
    search_fields = ("name", "native_name", "slug")
    autocomplete_fields = ("country", "sources", "department")
    date_hierarchy = "agreed_on"
    fieldsets = (
        (None, {"fields": ("name", "intro", ("native_name", "native_language"), "slug")}),
        (_("Relation"), {"fields": ("relation", ("agreed_on", "agreed_precision"))}),
        (_("On the map"), {"fields": ("country", ("latitude", "longitude"))}),
        PUBLICATION,
        (_("For editors"), {"fields": ("sources",)}),
    )


@admin.register(Organisation)
class OrganisationAdmin(PublishableAdmin):
    form = NamedForm
    main_text = "name"
    list_display = (
        "name", "abbreviation", "kind", "country", "stage_badge", "missing_languages",
        "changed_at",
    )  # fmt: skip
    list_filter = ("kind", ("country", admin.RelatedOnlyFieldListFilter), "chinese_name_is_ours")
    list_select_related = ("country",)
    search_fields = ("name", "abbreviation", "slug", "org_ref")
    autocomplete_fields = ("country", "parent", "sources", "department")
    fieldsets = (
        (
            None,
            {"fields": ("name", "abbreviation", "about", "legal_name", "predecessors", "slug")},
        ),
        (_("What it is"), {"fields": ("kind", "label", "country", "parent", "url", "org_ref")}),
        PUBLICATION,
        (
            _("For editors"),
            {"fields": ("chinese_name_is_ours", "editor_note", "sources")},
        ),
    )


class EndingFilter(admin.SimpleListFilter):
    title = _("end")
    parameter_name = "ends"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("soon", _("Within three months"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return ending(queryset) if self.value() == "soon" else queryset


class AgreementForm(FromLibraryForm, SluggedForm):
    held = {"library": "document"}
    words_come_along = False  # an agreement is called what its parties call it
    library = HeldField(
        Document, help_text=_("Enter a library number instead of uploading a file.")
    )


@admin.register(Agreement)
class AgreementAdmin(PublishableAdmin):
    form = AgreementForm
    list_display = (
        "title", "signed_on", "valid_until", "stage_badge", "missing_languages", "changed_at",
    )  # fmt: skip
    list_filter = (EndingFilter, ("cities", admin.RelatedOnlyFieldListFilter))
    search_fields = ("title", "summary", "slug")
    autocomplete_fields = ("parties", "cities", "sources", "department")
    date_hierarchy = "signed_on"
    fieldsets = (
        (None, {"fields": ("title", "summary", "slug")}),
        (_("Who agreed"), {"fields": ("parties", "cities")}),
        (_("When"), {"fields": (("signed_on", "precision"), "valid_until")}),
        (_("Text of the agreement"), {"fields": ("document", "library")}),
        PUBLICATION,
        (_("For editors"), {"fields": ("sources",)}),
    )


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    list_display = ("name", "code", "alpha3", "dac_group")
    list_filter = ("dac_group",)
    search_fields = ("name", "code", "alpha3")
    fieldsets = (
        (None, {"fields": ("name", ("code", "alpha3", "numeric"))}),
        (_("DAC list"), {"fields": (("dac_group", "dac_valid_from"),)}),
        (_("On the map"), {"fields": (("latitude", "longitude"),)}),
    )
