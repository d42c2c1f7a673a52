"""What was published as open data, with what the checker found; for reading only."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from oda_portal.publishing.admin_base import ReadOnlyAdmin
from programs.models import Publication

from .reporting_publishing import PublishingPages


@admin.register(Publication)
class PublicationAdmin(PublishingPages, ReadOnlyAdmin):
    list_display = ("at", "kind", "is_clean", "activities", "size", "changed_at")
    list_filter = ("kind", "is_clean")
    date_hierarchy = "at"
    fields = (("at", "kind"), ("is_clean", "activities"), ("size", "sha256"), "changed_at", "found")
    readonly_fields = ("found",)

    @admin.display(description=_("what the checker found"), empty_value="–")
    def found(self, publication: Publication) -> SafeString:
        rows = [
            [finding.get(key, "") for key in ("severity", "rule", "identifier", "message")]
            for finding in publication.findings
        ]
        return format_html_join("", "<p><strong>{} {}</strong> {} {}</p>", rows)
