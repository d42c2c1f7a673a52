"""The people who applied, each with all their applications."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from volunteers.models import Volunteer

from .persons import PersonAdmin, handed_in, masked


@admin.register(Volunteer)
class VolunteerAdmin(PersonAdmin):
    list_display = ("full_name", "address_of", "application_count", "last_sent")
    list_select_related = ("user",)
    search_fields = ("name", "name_roman", "name_hangul", "email", "user__email")
    ordering = ("name", "pk")
    readonly_fields = ("address_of", "telephone")
    fields = (
        ("name", "name_roman", "name_hangul"), "born_on", "address_of", "telephone",
        ("residence", "affiliation"), "created_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Volunteer]:
        """Those who handed something in; whoever only has a draft is not known to the office."""
        rows = super().get_queryset(request).select_related("user")
        counted = rows.annotate(
            sent_count=Count("applications", handed_in("applications__")),
            last_sent_at=Max("applications__sent_at"),
        )
        return counted.filter(sent_count__gt=0)

    def people_of(self, obj: Volunteer) -> list[Any]:
        return [obj, obj.user]

    @admin.display(description=gettext_lazy("full name"), ordering="name")
    def full_name(self, volunteer: Volunteer) -> str:
        return str(volunteer)

    @admin.display(description=gettext_lazy("email"))
    def address_of(self, volunteer: Volunteer) -> str:
        return volunteer.user.email if volunteer.user else volunteer.email

    @admin.display(description=gettext_lazy("applications"), ordering="sent_count")
    def application_count(self, volunteer: Volunteer) -> int:
        return volunteer.sent_count  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("last sent at"), ordering="last_sent_at")
    def last_sent(self, volunteer: Volunteer) -> Any:
        return volunteer.last_sent_at  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("mobile number"))
    def telephone(self, volunteer: Volunteer) -> str | None:
        return masked(volunteer.mobile)

    def details(self, request: HttpRequest, obj: Volunteer) -> dict[str, Any]:
        rows = obj.applications.filter(handed_in()).select_related("call")
        return {"applications": rows.order_by("-sent_at")}
