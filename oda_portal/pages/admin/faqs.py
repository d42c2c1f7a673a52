"""Questions and answers about the portal."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import pgettext_lazy

from oda_portal.pages.models import Faq
from oda_portal.publishing.admin import PUBLICATION, PublishableAdmin
from oda_portal.publishing.forms import SluggedForm


class FaqForm(SluggedForm):
    slug_source = "question"


@admin.register(Faq)
class FaqAdmin(PublishableAdmin):
    form = FaqForm
    main_text = "question"
    list_display = (
        "question", "topic", "stage_badge", "missing_languages", "position", "changed_at",
    )  # fmt: skip
    list_filter = ("topic",)
    search_fields = ("question", "answer", "slug")
    autocomplete_fields = ("department",)
    fieldsets = (
        (None, {"fields": ("question", "answer")}),
        (
            pgettext_lazy("on the site", "Where it appears"),
            {"fields": (("topic", "position"), "slug")},
        ),
        PUBLICATION,
    )
