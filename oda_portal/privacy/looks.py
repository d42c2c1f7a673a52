"""For the admin of personal data: every page that shows somebody leaves a look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .access import record_look
from .exports import csv_response
from .models import Act


class ExportForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason for export"),
        max_length=300,
        help_text=gettext_lazy("It is recorded in the personal data access log."),
        error_messages={"required": gettext_lazy("Give a reason to export.")},
    )


class NobodyCompleted(AutocompleteJsonView):
    """The search boxes of the back office; what they would say of people leaves no look."""

    def process_request(self, request: HttpRequest) -> Any:
        found = super().process_request(request)
        if isinstance(found[1], RecordedLooks):
            raise PermissionDenied
        return found


class RecordedLooks(admin.ModelAdmin):
    """Mixed in before the other classes of an admin whose records are of persons.

    `people_of` names the records that a row shows; `export_columns` are names as in
    `list_display`, and without them nothing can be exported. Search boxes do not complete the
    names of these records: leave them out of `autocomplete_fields`.
    """

    export_columns: tuple[str, ...] = ()

    def people_of(self, obj: Any) -> Iterable[models.Model]:
        return [obj]

    def look(
        self,
        request: HttpRequest,
        act: Act,
        rows: Iterable[Any],
        *,
        what: str = "",
        reason: str = "",
    ) -> None:
        """Write the look; for the pages and buttons that a subclass adds."""
        people = [person for row in rows for person in self.people_of(row) if person is not None]
        what = f"{self.opts.label_lower} {what}".strip()
        record_look(request, act, people, what=what, reason=reason)

    # --- pages -----------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None) or {}
        if "cl" in context:
            self.look(request, Act.LIST, context["cl"].result_list)
        elif "queryset" in context:  # which asks whether these are to be deleted
            self.look(request, Act.LIST, context["queryset"], what="delete")
        return response

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        response = super().changeform_view(request, object_id, form_url, extra_context)
        self._look_at_shown(request, response, "original")
        return response

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().delete_view(request, object_id, extra_context)
        self._look_at_shown(request, response, "object", what="delete")
        return response

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().history_view(request, object_id, extra_context)
        self._look_at_shown(request, response, "object", what="history")
        return response

    def _look_at_shown(
        self, request: HttpRequest, response: Any, name: str, *, what: str = ""
    ) -> None:
        obj = (getattr(response, "context_data", None) or {}).get(name)
        if obj is not None:
            self.look(request, Act.DETAIL, [obj], what=what)

    # --- changes: Django calls these where it writes its own log -----------------------------

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self.look(request, Act.EDIT, [obj], what="added")
        return self._unnamed([obj], super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self.look(request, Act.EDIT, [obj])
        return self._unnamed([obj], super().log_change(request, obj, message))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        self.look(request, Act.EDIT, queryset, what="deleted")
        return self._unnamed(queryset, super().log_deletions(request, queryset))

    def _unnamed(self, rows: Iterable[Any], entries: Any) -> Any:
        """Django's log keeps a name, and the first page of the back office shows it."""
        about = ContentType.objects.get_for_model(self.model, for_concrete_model=False)
        written = LogEntry.objects.filter(
            content_type=about, object_id__in=[str(row.pk) for row in rows]
        )
        written.update(object_repr=Concat(Value("#"), "object_id"))
        return entries

    # --- export ------------------------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if not self.export_columns:
            actions.pop("export_selected", None)
        return actions

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    actions = ("export_selected",)

    @admin.action(description=gettext_lazy("Export selected"), permissions=["export"])
    def export_selected(self, request: HttpRequest, queryset: Any) -> HttpResponseBase:
        form = ExportForm(request.POST if "sure" in request.POST else None)
        if not form.is_valid():
            return self._ask_for_reason(request, queryset, form)
        reason = form.cleaned_data["reason"]
        # Read once: whoever is in the file is in the log.
        rows = list(queryset)
        self.look(request, Act.EXPORT, rows, reason=reason)
        head = [str(label_for_field(name, self.model, self)) for name in self.export_columns]
        name = f"{self.opts.model_name}-{timezone.localdate().isoformat()}"
        return csv_response(name, head, self._cells(rows))

    def _cells(self, rows: list[Any]) -> Iterator[list[Any]]:
        for row in rows:
            yield [lookup_field(name, row, self)[2] for name in self.export_columns]

    def _ask_for_reason(
        self, request: HttpRequest, queryset: Any, form: ExportForm
    ) -> HttpResponse:
        across = request.POST.get("select_across") == "1"
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Export selected"),
            "opts": self.opts,
            "count": queryset.count(),
            "numbers": chosen[:1] if across else chosen,
            "across": int(across),
            "form": form,
        }
        return TemplateResponse(request, "privacy/admin/export.html", context)
