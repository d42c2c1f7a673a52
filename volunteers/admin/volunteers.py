"""The people who applied, each with all their applications."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from oda_portal.accounts.areas import areas_of, lead, within
from volunteers import permissions, persons
from volunteers.models import Application, Volunteer
from volunteers.service.persons import service_of

from .joining import MetTwiceFilter, join_page, separate_page
from .persons import MASKED, PersonAdmin, handed_in

lead(Volunteer, "applications__call__openings__program__kind", optional=True)


@admin.register(Volunteer)
class VolunteerAdmin(PersonAdmin):
    list_display = ("full_name", "address_of", "application_count", "last_sent")
    list_filter = (MetTwiceFilter,)
    list_select_related = ("user",)
    search_fields = ("name", "=name_roman", "=name_hangul", "=email", "=user__email")
    ordering = ("name", "pk")
    readonly_fields = ("address_of", "telephone")
    export_columns = ("full_name", "address_of", "application_count", "last_sent")
    masked = {
        name: MASKED[name]
        for name in (
            "name_roman", "name_hangul", "born_on", "address_of", "telephone", "residence",
            "affiliation",
        )
    }  # fmt: skip
    fields = (
        ("name", "name_roman", "name_hangul"), "born_on", "address_of", "telephone",
        ("residence", "affiliation"), "created_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Volunteer]:
        """Those who handed something in; whoever only has a draft is not known to the office.

        Of a person with several rows the one that the others point to.
        """
        theirs = Application.objects.filter(
            handed_in(), Q(volunteer=OuterRef("pk")) | Q(volunteer__merged_into=OuterRef("pk"))
        ).order_by()
        # Grouped by a constant: one row for the whole of it.
        counted = theirs.annotate(whole=Value(1)).values("whole")
        counted = counted.annotate(n=Count("pk"), last=Max("sent_at"))
        rows = super().get_queryset(request).select_related("user").filter(merged_into=None)
        rows = rows.annotate(
            sent_count=Subquery(counted.values("n")), last_sent_at=Subquery(counted.values("last"))
        )
        if areas_of(request.user) is not None:
            # Also of the rows that point to this one: the page shows all that was handed in.
            rows = rows.exclude(Exists(theirs.exclude(within(request.user, Application))))
        return rows.filter(sent_count__gt=0)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return permissions.can_export_application(request.user)

    def people_of(self, obj: Volunteer) -> list[Any]:
        """On the person's own page also whoever is named beside them."""
        rows = [obj, *getattr(obj, "shown_beside", [])]
        return [one for row in rows for one in (row, row.user)]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        """Of a row that points to another one, the other one's page."""
        number = int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
        joined = Volunteer.objects.filter(pk=number).first()
        if joined and joined.merged_into and self.has_view_permission(request):
            return redirect(self.address("change", joined.merged_into))
        return super().change_view(request, object_id, *args, **kwargs)

    @admin.display(description=gettext_lazy("full name"), ordering="name")
    def full_name(self, volunteer: Volunteer) -> str:
        return str(volunteer)

    @admin.display(description=gettext_lazy("email"))
    def address_of(self, volunteer: Volunteer) -> str:
        return volunteer.user.email if volunteer.user else volunteer.email

    @admin.display(description=gettext_lazy("applications"), ordering="sent_count")
    def application_count(self, volunteer: Volunteer) -> int:
        return volunteer.sent_count  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("last submitted at"), ordering="last_sent_at")
    def last_sent(self, volunteer: Volunteer) -> Any:
        return volunteer.last_sent_at  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("mobile number"))
    def telephone(self, volunteer: Volunteer) -> str:
        return volunteer.mobile

    def details(self, request: HttpRequest, obj: Volunteer) -> dict[str, Any]:
        may_join = permissions.can_join_volunteers(request.user)
        joined = [row for row in persons.all_of(obj) if row.pk != obj.pk]
        alike = persons.possible_duplicates(obj) if may_join else []
        obj.shown_beside = [*joined, *alike]  # type: ignore[attr-defined]
        return {
            "applications": persons.applications_of(obj),
            "joined": joined,
            "alike": alike,
            "may_join": may_join,
            "shows_all": self.shows_all(request, obj),
            "service": service_of(obj) if permissions.can_view_service(request.user) else None,
        }

    # --- one person with several rows ------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        guarded, name = self.admin_site.admin_view, "volunteers_volunteer"
        return [
            path(
                "<int:object_id>/join/<int:other_id>/",
                guarded(partial(join_page, self)),
                name=f"{name}_join",
            ),
            path(
                "<int:object_id>/separate/<int:other_id>/",
                guarded(partial(separate_page, self)),
                name=f"{name}_separate",
            ),
            *super().get_urls(),
        ]
