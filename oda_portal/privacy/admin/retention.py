"""The retention table, and what was destroyed by it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.models import DestructionLedger, RetentionRule
from oda_portal.privacy.registry import entry_of
from oda_portal.publishing.admin import RecordAdmin
from oda_portal.publishing.admin_base import ReadOnlyAdmin


@admin.register(RetentionRule)
class RetentionRuleAdmin(RecordAdmin):
    """Rules come from the registry of personal data; staff set the period and may hold it."""

    list_display = ("label", "purpose", "days", "notice_days", "hold_badge")
    list_filter = ("hold",)
    search_fields = ("key", "purpose")
    readonly_fields = ("label", "key")
    fieldsets = (
        (None, {"fields": ("label", "key", "purpose")}),
        (_("Period"), {"fields": (("days", "notice_days"),)}),
        (_("Hold"), {"fields": ("hold", "hold_reason")}),
    )

    @admin.display(description=_("kind of data"), ordering="key")
    def label(self, rule: RetentionRule) -> str:
        entry = entry_of(rule.key)
        return str(entry.label) if entry else rule.key

    @admin.display(description=_("on hold"), ordering="hold")
    def hold_badge(self, rule: RetentionRule) -> SafeString | str:
        if not rule.hold:
            return ""
        return format_html('<span class="badge stage-expired">{}</span>', rule.hold_reason)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(DestructionLedger)
class DestructionLedgerAdmin(ReadOnlyAdmin):
    list_display = ("at", "label", "object_id", "rule")
    list_filter = ("key",)
    search_fields = ("rule",)
    date_hierarchy = "at"
    fields = ("at", "label", "key", "object_id", "rule")
    readonly_fields = ("label",)

    @admin.display(description=_("kind of data"), ordering="key")
    def label(self, row: DestructionLedger) -> str:
        entry = entry_of(row.key)
        return str(entry.label) if entry else row.key
