"""In which order the form of an edition asks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from .edition_form import event

EDITION = ("kind", "series")
REGISTRATION = ("registration_opens_at", "registration_closes_at")
PAPERS = ("papers_open_at", "papers_close_at"), "papers_released_at"


def fieldsets_to_write(*, is_new: bool) -> list[Any]:
    begin = (gettext_lazy("To begin with"), {"fields": ("like", "places")})
    return [
        (None, {"fields": event("title", "summary", "body")}),
        (
            pgettext_lazy("forum", "Edition"),
            {"fields": (EDITION, "edition_label", "theme", *event("themes"), "slug")},
        ),
        (
            gettext_lazy("When and where"),
            {
                "fields": (
                    event("starts_on", "ends_on", "precision"),
                    *event("venue"),
                    event("date_is_estimate", "cancelled_at"),
                )
            },
        ),
        *([begin] if is_new else []),
        (pgettext_lazy("event", "Registration"), {"fields": (REGISTRATION,)}),
        (gettext_lazy("Call for papers or topics"), {"fields": PAPERS}),
        (
            gettext_lazy("Publication"),
            {"fields": (event("publish_at", "expire_at"), *event("department"))},
        ),
        (gettext_lazy("For editors"), {"fields": event("sources")}),
    ]


def fieldsets_to_read() -> list[Any]:
    """For whoever may only look, and of what is closed."""
    return [
        (None, {"fields": ("shown_title", "shown_summary", "shown_dates", "shown_venue")}),
        (
            pgettext_lazy("forum", "Edition"),
            {"fields": (EDITION, "edition_label", "theme", "slug", "frozen_at")},
        ),
        (pgettext_lazy("event", "Registration"), {"fields": (REGISTRATION,)}),
        (gettext_lazy("Call for papers or topics"), {"fields": PAPERS}),
    ]
