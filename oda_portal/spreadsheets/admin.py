"""Every list of the back office as a file: what is selected, or all that the filters give."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.pages.limits import may_be_done, too_many

from . import exports
from .columns import columns_of
from .forms import ListExportForm

EXPORTS_AN_HOUR = 60  # of one account


class ExportMixin(admin.ModelAdmin):
    """`export_columns`: names as in `list_display`; without them, all that form and list show.

    Admins of persons say `asks_for_reason`, and write down in `record_export` whom the file shows.
    """

    export_columns: tuple[str, ...] | None = None
    asks_for_reason = False

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def can_export(self, request: HttpRequest) -> bool:
        return self.has_export_permission(request) and bool(columns_of(self, request))

    def record_export(self, request: HttpRequest, keys: list[int], reason: str) -> None:
        """Called before anything is written, in the same transaction."""

    # --- where one gets to it ------------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        if found is not None and not request.GET.get("_popup") and self.can_export(request):
            description = gettext_lazy("Export selected")
            found["export_selected"] = (_export_selected, "export_selected", description)
        return found

    def get_list_acts(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Links above the list, label and address."""
        if not self.can_export(request):
            return []
        query = request.GET.urlencode()
        address = reverse(self._export_name, current_app=self.admin_site.name)
        return [(_("Export this list"), f"{address}?{query}" if query else address)]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        is_read = request.method == "GET" and self.has_view_permission(request)
        acts = {"list_acts": self.get_list_acts(request)} if is_read else {}
        return super().changelist_view(request, {**acts, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        name = self._export_name.removeprefix("admin:")
        return [path("export/", view, name=name), *super().get_urls()]

    @property
    def _export_name(self) -> str:
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_export"

    # --- the page -------------------------------------------------------------------------------

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Of all that the filters in the address give; works without a script."""
        if not self.can_export(request):
            raise PermissionDenied
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect(f"{back}?e=1")
        query = request.GET.urlencode()
        return self.export_rows(request, rows, back=f"{back}?{query}" if query else back)

    def export_rows(
        self, request: HttpRequest, rows: Any, *, back: str, hidden: Iterable[tuple[str, str]] = ()
    ) -> HttpResponseBase:
        """First the form, then the file. `hidden` is sent along, to come back to the same rows."""
        form = ListExportForm(
            request.POST if "sure" in request.POST else None,
            columns=columns_of(self, request),
            asks_for_reason=self.asks_for_reason,
        )
        most = exports.MOST_PERSONS if self.asks_for_reason else exports.MOST
        if not form.is_valid():
            return self._export_page(request, form, rows[: most + 1].count(), most, back, hidden)
        keys = list(rows.values_list("pk", flat=True)[: most + 1])
        if len(keys) > most:
            return self._export_page(request, form, len(keys), most, back, hidden)
        if not _may_export(request):
            return too_many(request)
        with transaction.atomic():
            self.record_export(request, keys, form.cleaned_data.get("reason", ""))
            return exports.export(
                self,
                request,
                keys,
                format=form.cleaned_data["format"],
                columns=form.cleaned_data["columns"],
                once=_once(request),
            )

    def _export_page(
        self, request: HttpRequest, form: ListExportForm, count: int, most: int, back: str,
        hidden: Iterable[tuple[str, str]],
    ) -> HttpResponse:  # fmt: skip
        context = {
            **self.admin_site.each_context(request),
            "title": _("Export"),
            "opts": self.opts,
            "count": count,
            "most": most,
            "is_too_many": count > most,
            "in_background": count > exports.AT_ONCE,
            "asks_for_reason": self.asks_for_reason,
            "hidden": list(hidden),
            "once": uuid4().hex,
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/spreadsheets/export.html", context)


def _once(request: HttpRequest) -> str:
    name = request.POST.get("once", "")[:40]
    return f"export:{request.user.pk}:{name}" if name else ""


def _export_selected(
    model_admin: ExportMixin, request: HttpRequest, queryset: Any
) -> HttpResponseBase:
    across = request.POST.get("select_across") == "1"
    numbers = request.POST.getlist(ACTION_CHECKBOX_NAME)
    hidden = [
        ("action", "export_selected"),
        ("select_across", str(int(across))),
        *((ACTION_CHECKBOX_NAME, number) for number in (numbers[:1] if across else numbers)),
    ]
    return model_admin.export_rows(request, queryset, back=request.get_full_path(), hidden=hidden)


def _may_export(request: HttpRequest) -> bool:
    whose = str(request.user.pk)
    return may_be_done("exports", whose, limit=EXPORTS_AN_HOUR, seconds=3600, request=request)
