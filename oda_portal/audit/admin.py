"""The audit trail in the back office: for reading only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from oda_portal.publishing.admin import SafeListMixin

from .models import Transition


@admin.register(Transition)
class TransitionAdmin(SafeListMixin):
    list_display = ("at", "content_type", "subject_name", "field", "from_state", "to_state", "by")
    list_filter = ("content_type", "field", "to_state")
    search_fields = ("reason", "by__email", "by__name")
    list_select_related = ("content_type", "by")
    date_hierarchy = "at"
    fields = (
        "at",
        "content_type",
        "subject_name",
        "field",
        "from_state",
        "to_state",
        "by",
        "reason",
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("subject")

    @admin.display(description=gettext_lazy("record"))
    def subject_name(self, transition: Transition) -> str:
        # What it was about may have been deleted; the act stays.
        return str(transition.subject or f"#{transition.object_id}")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
