"""For the admin of personal data: every page that shows somebody leaves a look."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse

from oda_portal.publishing.parts import in_parts

from .access import record_look
from .masked_fields import MaskedFields
from .models import Act

ROWS_AT_ONCE = 500


class NobodyCompleted(AutocompleteJsonView):
    """The search boxes of the back office; what they would say of people leaves no look."""

    def process_request(self, request: HttpRequest) -> Any:
        found = super().process_request(request)
        if isinstance(found[1], RecordedLooks):
            raise PermissionDenied
        return found


class RecordedLooks(MaskedFields):
    """Mixed in before the other classes of an admin whose records are of persons.

    `people_of` names the records that a row shows; `export_columns` are names as in
    `list_display`, and without them nothing can be exported. Search boxes do not complete the
    names of these records: leave them out of `autocomplete_fields`. `masked` says what can be read
    only for a reason (`privacy.masked_fields`).
    """

    export_columns: tuple[str, ...] | None = ()

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
            reason = self.reason_to_show(request, obj) if name == "original" else ""
            self.look(request, Act.DETAIL, [obj], what=what, reason=reason)

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

    asks_for_reason = True

    def record_export(self, request: HttpRequest, keys: list[int], reason: str) -> None:
        """Whoever is in the file is in the log."""
        rows = (
            row
            for part in in_parts(keys, ROWS_AT_ONCE)
            for row in self.get_queryset(request).filter(pk__in=part)
        )
        self.look(request, Act.EXPORT, rows, reason=reason)
