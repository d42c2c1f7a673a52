"""What stands around every page, in the back office: banners, menus, links at the foot."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from oda_portal.pages import menus
from oda_portal.pages.addresses import is_readable
from oda_portal.pages.models import Banner, MenuEntry
from oda_portal.publishing.admin import PUBLICATION, PublishableAdmin, RecordAdmin
from oda_portal.publishing.forms import RecordForm


@admin.register(Banner)
class BannerAdmin(PublishableAdmin):
    form = RecordForm
    main_text = "text"
    slug_field = ""
    list_display = ("text", "kind", "stage_badge", "missing_languages", "publish_at", "expire_at")
    list_filter = ("kind",)
    search_fields = ("text",)
    autocomplete_fields = ("department",)
    fieldsets = (
        (None, {"fields": ("text", "kind")}),
        (pgettext_lazy("link", "Where it leads"), {"fields": ("address", "link_text")}),
        PUBLICATION,
    )

    def has_preview(self, request: HttpRequest) -> bool:
        return True  # it stands on every page; the home page is one

    def preview_roots(self, obj: Banner) -> list[str]:
        return [reverse("home")]


@admin.register(MenuEntry)
class MenuEntryAdmin(RecordAdmin):
    list_display = ("words", "place", "address", "position", "is_shown", "works")
    list_filter = ("place", "is_shown")
    list_select_related = ("parent",)
    search_fields = ("label", "address")
    change_list_template = "admin/pages/menu_list.html"
    fieldsets = (
        (None, {"fields": ("label", "address")}),
        (
            pgettext_lazy("on the site", "Where it appears"),
            {"fields": ("place", "parent", "position", "is_shown")},
        ),
        (gettext_lazy("Entries below"), {"fields": ("with_own_pages",)}),
    )

    def get_ordering(self, request: HttpRequest) -> Any:
        """The order of the menu: each entry of the top with those below it."""
        return (
            "place",
            Coalesce("parent__position", "position"),
            Coalesce("parent_id", "pk"),
            F("parent_id").asc(nulls_first=True),
            "position",
            "pk",
        )

    @admin.display(description=gettext_lazy("text shown"))
    def words(self, entry: MenuEntry) -> str:
        if entry.parent is None:
            return entry.label
        return format_html("{} › {}", entry.parent.label, entry.label)

    @admin.display(description=gettext_lazy("link works"), boolean=True)
    def works(self, entry: MenuEntry) -> bool:
        return is_readable(entry.address)

    # --- from the built-in menu, and back to it ------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        own = {"has_own_menu": menus.has_own()}
        return super().changelist_view(request, {**own, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("begin/", guarded(self.begin_view), name="pages_menuentry_begin"),
            path("give-up/", guarded(self.give_up_view), name="pages_menuentry_give_up"),
            *super().get_urls(),
        ]

    def begin_view(self, request: HttpRequest) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            count = menus.begin_own()
            self._say(
                request,
                count,
                ngettext(
                    "%(count)s entry is ready to be changed. The site looks as before.",
                    "%(count)s entries are ready to be changed. The site looks as before.",
                    count,
                ),
                _("The main menu already has entries of your own."),
            )
            return redirect("admin:pages_menuentry_changelist")
        return self._ask(
            request,
            title=_("Change the main menu"),
            button=_("Begin from the built-in menu"),
            explanation=_(
                "The entries of the built-in menu are copied in three languages for you to"
                " change, move, hide or add to. Pages that the portal gets later have to be"
                " added by hand."
            ),
        )

    def give_up_view(self, request: HttpRequest) -> HttpResponseBase:
        if not self.has_delete_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            count = menus.give_up_own()
            self._say(
                request,
                count,
                _("The built-in menu is shown on the site again."),
                _("The built-in menu is already in use."),
            )
            return redirect("admin:pages_menuentry_changelist")
        return self._ask(
            request,
            title=_("Back to the built-in menu"),
            button=_("Delete our entries"),
            explanation=_(
                "All entries of the main menu are deleted, and the built-in menu is shown on"
                " the site at once. Footer links stay as they are."
            ),
        )

    def _say(self, request: HttpRequest, count: int, done: str, nothing: str) -> None:
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, (done if count else nothing) % {"count": count}, level)

    def _ask(
        self, request: HttpRequest, *, title: str, button: str, explanation: str
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "button": button,
            "explanation": explanation,
            "form": forms.Form(),
            "back": reverse("admin:pages_menuentry_changelist"),
        }
        return TemplateResponse(request, "admin/act.html", context)
