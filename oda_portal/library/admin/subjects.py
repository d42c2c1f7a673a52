"""Words that pictures and documents are found by."""

from __future__ import annotations

from django.contrib import admin

from oda_portal.library.models import Subject
from oda_portal.publishing.admin import RecordAdmin


@admin.register(Subject)
class SubjectAdmin(RecordAdmin):
    main_text = "name"
    list_display = ("name",)
    search_fields = ("name",)
    fieldsets = ((None, {"fields": ("name",)}),)
