"""Who reports to IATI, and the identifiers that were given."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from oda_portal.publishing.admin import LinkInline, SafeListMixin
from oda_portal.publishing.admin_base import ReadOnlyAdmin, RecordFieldsMixin
from oda_portal.publishing.admin_history import HistoryMixin
from oda_portal.publishing.forms import RecordForm
from programs.models import Identifier, Publisher, PublisherBudget
from programs.models.reporting import has_given_identifiers

from .areas import WithinAreas


class PublisherBudgetInline(LinkInline):
    model = PublisherBudget
    autocomplete_fields = ("country",)


@admin.register(Publisher)
class PublisherAdmin(RecordFieldsMixin, SafeListMixin, HistoryMixin):
    """One row: its list leads straight to it."""

    form = RecordForm
    autocomplete_fields = ("organisation",)
    inlines = (PublisherBudgetInline,)
    fieldsets = ((None, {"fields": ("organisation", "secondary_reporter", "approved_on")}),)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        publisher = Publisher.objects.first()
        if publisher:
            return redirect("admin:programs_publisher_change", publisher.pk)
        if self.has_add_permission(request):
            return redirect("admin:programs_publisher_add")
        return super().changelist_view(request, extra_context)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "organisation"] if obj and has_given_identifiers() else fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Every page of the back office asks, for its menu: only here is it worth a query.
        place = request.resolver_match
        is_elsewhere = place is not None and not str(place.url_name).startswith(
            "programs_publisher"
        )
        may_add = super().has_add_permission(request)
        return may_add and (is_elsewhere or not Publisher.objects.exists())

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if Publisher.objects.exists():
            return redirect("admin:programs_publisher_changelist")
        return super().add_view(request, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Identifier)
class IdentifierAdmin(WithinAreas, ReadOnlyAdmin):
    list_display = ("value", "program", "given_at")
    list_select_related = ("program",)
    search_fields = ("value", "program__title_ko", "program__title_en")
    date_hierarchy = "given_at"
    fields = ("value", "program", "given_at")
