"""The office's own pages in the back office, and what readers thought of the portal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Avg, Count
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.pages.actions import keep_version
from oda_portal.pages.models import (
    Department,
    Office,
    Page,
    PageVersion,
    SatisfactionAnswer,
    Service,
    Strand,
)
from oda_portal.publishing.admin import (
    PUBLICATION,
    ObjectAct,
    PublishableAdmin,
    RecordAdmin,
    SafeListMixin,
    TranslatedInline,
)
from oda_portal.publishing.forms import SluggedForm

from .desk import newly_poor

MOST_PAGES = 30


@admin.register(Office)
class OfficeAdmin(RecordAdmin):
    """One row: its list leads straight to it."""

    fieldsets = (
        (None, {"fields": ("name", "short_name", "tagline", "city_name")}),
        (gettext_lazy("Home page"), {"fields": ("hero_title", "hero_lead")}),
        (gettext_lazy("Contact details"), {"fields": ("address", ("telephone", "email"))}),
        (gettext_lazy("Footer of every page"), {"fields": ("foot_note",)}),
        (gettext_lazy("On the map"), {"fields": (("latitude", "longitude"),)}),
        (gettext_lazy("Marks"), {"fields": ("is_government",)}),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        office = Office.objects.first()
        if office:
            return redirect(self.address("change", office))
        return redirect("admin:pages_office_add")

    def has_preview(self, request: HttpRequest) -> bool:
        return True  # on the home page, where most of it stands

    def preview_roots(self, obj: Office) -> list[str]:
        return [reverse("home")]

    def save_model(self, request: HttpRequest, obj: Office, form: Any, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """For the menu of every page, which need not ask whether there is one yet."""
        return {
            "add": False,
            "change": self.has_change_permission(request),
            "delete": False,
            "view": self.has_view_permission(request),
        }

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Office.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Department)
class DepartmentAdmin(RecordAdmin):
    list_display = ("name", "telephone", "email", "position")
    search_fields = ("name", "telephone", "email")
    fieldsets = ((None, {"fields": ("name", ("telephone", "email"), "position")}),)


@admin.register(Strand)
class StrandAdmin(RecordAdmin):
    form = SluggedForm
    list_display = ("title", "slug", "position")
    search_fields = ("title", "slug")
    fieldsets = ((None, {"fields": ("title", "slug", ("position", "palette"))}),)


@admin.register(Service)
class ServiceAdmin(PublishableAdmin):
    list_display = ("title", "strand", "stage_badge", "missing_languages", "position", "changed_at")
    list_filter = ("strand",)
    list_select_related = ("strand",)
    search_fields = ("title", "summary", "slug")
    autocomplete_fields = ("sources", "department")
    fieldsets = (
        (None, {"fields": ("title", "summary", "strand")}),
        (gettext_lazy("What it does"), {"fields": ("aim", "activities", "fields_covered", "body")}),
        (gettext_lazy("Where it leads"), {"fields": ("list_query", "slug", "position")}),
        PUBLICATION,
        (gettext_lazy("For editors"), {"fields": ("sources",)}),
    )


class PageVersionInline(TranslatedInline):
    model = PageVersion
    fields = ("effective_on", "body")
    classes = ("collapse",)


@admin.register(Page)
class PageAdmin(PublishableAdmin):
    list_display = (
        "title", "placement", "stage_badge", "missing_languages", "effective_on", "changed_at",
    )  # fmt: skip
    list_filter = ("placement",)
    search_fields = ("title", "body", "slug")
    autocomplete_fields = ("department",)
    inlines = (PageVersionInline,)
    fieldsets = (
        (None, {"fields": ("title", "body", "effective_on")}),
        (gettext_lazy("Where it is linked"), {"fields": ("placement", "slug", "position")}),
        PUBLICATION,
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.keep_version_view)
        return [
            path("<path:object_id>/keep-version/", view, name="pages_page_keep_version"),
            *super().get_urls(),
        ]

    def get_acts(self, request: HttpRequest, obj: Page) -> list[ObjectAct]:
        label = _("Keep this text as an earlier version")
        return [ObjectAct(label, self.address("keep_version", obj))] if obj.effective_on else []

    def keep_version_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        page = self.to_act_on(request, object_id)
        if page.effective_on is None:
            self.message_user(
                request,
                _("First enter the day from which this text is in force."),
                messages.WARNING,
            )
            return redirect(self.address("change", page))
        if request.method == "POST":
            is_new = keep_version(page)
            self.message_user(
                request,
                _(
                    "The text has been kept. Now enter the new one and the day from which it is"
                    " in force."
                )
                if is_new
                else _("The text in force from that day has already been kept."),
                messages.SUCCESS if is_new else messages.WARNING,
            )
            return redirect(self.address("change", page))
        return self.act_page(
            request,
            page,
            form=forms.Form(),
            title=_("Keep this text as an earlier version"),
            button=_("Keep it"),
            explanation=_("Readers can still find it under the day from which it was in force."),
        )


class AnsweredPageFilter(admin.SimpleListFilter):
    """The pages with the most answers: anybody can send an answer about any address."""

    title = gettext_lazy("page")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        pages = model_admin.get_queryset(request).values("page").annotate(answers=Count("pk"))
        most = pages.order_by("-answers", "page")[:MOST_PAGES]
        return [(row["page"], row["page"]) for row in most]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(page=self.value()) if self.value() else queryset


class PoorFilter(admin.SimpleListFilter):
    title = gettext_lazy("poor answers")
    parameter_name = "poor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("week", gettext_lazy("Dissatisfied, in the last seven days"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return newly_poor(queryset) if self.value() == "week" else queryset


@admin.register(SatisfactionAnswer)
class SatisfactionAnswerAdmin(SafeListMixin):
    """For reading only, with the average of each page."""

    list_display = ("at", "page", "score", "comment", "language")
    list_filter = (PoorFilter, AnsweredPageFilter, "score", "language")
    search_fields = ("page", "comment")
    date_hierarchy = "at"
    change_list_template = "admin/satisfaction_list.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None)
        if context and "cl" in context:
            shown = context["cl"].queryset.order_by()
            averages = shown.values("page").annotate(average=Avg("score"), answers=Count("pk"))
            context["averages"] = averages.order_by("-answers", "page")[:MOST_PAGES]
        return response

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)
