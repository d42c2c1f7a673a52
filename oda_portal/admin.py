"""The back office as a whole: its door, its index, and what the apps add to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from allauth.account.utils import get_next_redirect_url
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.i18n import JavaScriptCatalog

from oda_portal.accounts.doors import has_second_factor, next_door
from oda_portal.desk import pages as desk
from oda_portal.desk.waiting import Counted, Reminder, remind
from oda_portal.privacy.looks import NobodyCompleted
from oda_portal.publishing.admin_deleted import all_deleted, with_deleted
from oda_portal.watching.pages import state_page

__all__ = [
    "APP_ORDER", "Counted", "PortalAdminSite", "Reminder", "Shortcut", "add_shortcuts",
    "editor_words", "remind",
]  # fmt: skip

# The order of the office's work; apps that are not named come last.
APP_ORDER = (
    "programs", "volunteers", "reviews", "certificates", "partners", "forums", "news", "pages",
    "library", "publishing", "translating", "care", "jobs", "mail", "privacy", "accounts",
    "account", "auth", "audit",
)  # fmt: skip


# Said beside a time when the clock of the device is in another zone; the number adds nothing.
OTHER_CLOCKS = (
    "Note: You are %s hour ahead of server time.",
    "Note: You are %s hour behind server time.",
)


class Shortcut(NamedTuple):
    """A filtered list that stands below its model in the menu."""

    label: str
    filters: str  # query of the list
    initial: str  # query of the form for a new row; empty: the list has none of its own


_shortcuts: dict[type[models.Model], Callable[[], list[Shortcut]]] = {}


def add_shortcuts(model: type[models.Model], shortcuts: Callable[[], list[Shortcut]]) -> None:
    _shortcuts[model] = shortcuts


def editor_words() -> dict[str, str]:
    """What the editor and the choosers of days say; they come without, or with odd translations."""
    headings = {
        f"Heading {level}": _("Heading %(level)s") % {"level": level} for level in (2, 3, 4)
    }
    return {
        **headings,
        **{english.lower(): word for english, word in headings.items()},
        "Paragraph": _("Paragraph"),
        "paragraph": _("Paragraph"),
        "unordered list": _("Bullets"),
        "ordered list": _("Numbered list"),
        "blockquote": _("Quotation"),
        "horizontal rule": _("Horizontal line"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "subscript": _("Subscript"),
        "superscript": _("Superscript"),
        "insert link": _("Link"),
        "remove link": _("Remove the link"),
        "Insert table": _("Insert a table"),
        "Add column": _("Add a column"),
        "Delete column": _("Delete the column"),
        "Add row": _("Add a row"),
        "Delete row": _("Delete the row"),
        "Merge cells": _("Merge the cells"),
        "Split cell": _("Split the cell"),
        "Toggle header cell": _("Heading cell on or off"),
        "Delete table": _("Delete the table"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "Cancel": _("Cancel"),
        **dict.fromkeys(OTHER_CLOCKS, _("Times are Korea time, not those of your device.")),
        "Choose a Date": _("Choose a date"),
        "Choose a Time": _("Choose a time"),
        "Columns": _("Columns"),
        "Edit Link": _("Edit the link"),
        "Include header row": _("With a heading row"),
        "Insert": _("Insert"),
        "Insert Table": _("Insert a table"),
        "Rows": _("Rows"),
        "Title": _("Title of the link"),
        "Toggle fullscreen": _("Full screen on or off"),
        "URL": _("Address"),
        "Update": _("Apply"),
    }


def _address(model_admin: ModelAdmin, obj: models.Model) -> str:
    """Where a visitor finds the record; its form when its admin knows no such place."""
    find = model_admin.view_on_site
    name = f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change"
    return (callable(find) and find(obj)) or reverse(name, args=[quote(obj.pk)])


class AdminWords(JavaScriptCatalog):
    packages = ["django.contrib.admin"]

    def get_catalog(self) -> dict[str, Any]:
        return {**super().get_catalog(), **editor_words()}


class PortalAdminSite(AdminSite):
    site_header = gettext_lazy("Back office")
    site_title = gettext_lazy("Back office")
    index_title = gettext_lazy("What would you like to do?")
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and has_second_factor(request)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """No form of its own: sign-in goes through allauth, whose limits on failures count here."""
        if request.user.is_authenticated and not request.user.is_staff:
            raise PermissionDenied
        target = get_next_redirect_url(request) or reverse("admin:index")
        return redirect(next_door(request, coming_back_to=target) or target)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """PostgreSQL refuses NUL in any text: no list, search or filter needs to know."""
        guarded = super().admin_view(view, cacheable)

        def without_nul(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if any("\x00" in value for values in request.GET.lists() for value in values[1]):
                raise BadRequest("NUL in the query")
            return guarded(request, *args, **kwargs)

        without_nul.__dict__.update(guarded.__dict__)
        return without_nul

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # Django's own sends all staff to any record's address, and so tells what drafts there are.
        stock = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        view = self.admin_view(self.on_site)
        planned = self.admin_view(partial(desk.planned_page, self))
        return [
            path("planned/", planned, name="desk_planned"),
            path("state/", self.admin_view(partial(state_page, self)), name="system_state"),
            path("deleted/", self.admin_view(partial(all_deleted, self)), name="deleted"),
            path("r/<int:content_type_id>/<path:object_id>/", view, name="view_on_site"),
            *stock,
        ]

    def on_site(self, request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponse:
        """To the record's page, or to its form while it has none; for staff who may see it."""
        content_type = ContentType.objects.filter(pk=content_type_id).first()
        model = content_type.model_class() if content_type else None
        model_admin = self._registry.get(model) if model else None
        if model_admin is None:
            raise Http404
        obj = model_admin.get_object(request, object_id)
        if obj is None or not model_admin.has_view_permission(request, obj):
            raise Http404
        return redirect(_address(model_admin, obj))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return NobodyCompleted.as_view(admin_site=self)(request)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "site_url": reverse("home")}

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def i18n_javascript(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return AdminWords.as_view()(request)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        ways = {"has_deleted": bool(with_deleted(self, request))}
        return super().index(request, {**desk.start(request), **ways, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Apps in the order of the work; first in each what has lists by kind, with these."""
        place = {label: number for number, label in enumerate(APP_ORDER)}
        order = {model: number for number, model in enumerate(self._registry)}
        apps = super().get_app_list(request, app_label)
        apps.sort(key=lambda app: place.get(app["app_label"], len(place)))
        for app in apps:
            known = sorted(
                app["models"],
                key=lambda entry: (entry["model"] not in _shortcuts, order[entry["model"]]),
            )
            app["models"] = [line for entry in known for line in self._with_shortcuts(entry)]
        return apps

    def _with_shortcuts(self, entry: dict[str, Any]) -> list[dict[str, Any]]:
        lines = [entry]
        shortcuts = _shortcuts.get(entry["model"])
        for shortcut in shortcuts() if shortcuts and entry["admin_url"] else []:
            has_form = entry["add_url"] and shortcut.initial
            add = f"{entry['add_url']}?{shortcut.initial}" if has_form else None
            lines.append(
                {
                    **entry,
                    "name": shortcut.label,
                    "object_name": f"{entry['object_name']}-{shortcut.filters}",
                    "admin_url": f"{entry['admin_url']}?{shortcut.filters}",
                    "add_url": add,
                    "shortcut": True,
                }
            )
        return lines
