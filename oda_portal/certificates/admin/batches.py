"""Batches: how far each is, what could not be issued and why; cancelling."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from oda_portal.certificates import permissions, registry
from oda_portal.certificates.models import Batch, BatchRow
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct

from .pages import ActedOnAdmin

MOST_SHOWN = 200


@admin.register(Batch)
class BatchAdmin(ActedOnAdmin):
    list_display = ("number", "kind_label", "progress", "state_label", "asked_by", "asked_at")
    list_select_related = ("asked_by",)
    ordering = ("-pk",)
    fields = ("kind_label", "asked_by", "asked_at", "cancelled_at", "finished_at")
    readonly_fields = ("kind_label",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        rows: Any = super().get_queryset(request)
        return rows.filter(permissions.batches_of_their_work(request.user)).with_counts()

    def people_of(self, obj: Batch) -> list[Any]:
        """Whom its page names: those who got none. The list names nobody."""
        rows = [row.subject for row in getattr(obj, "shown_rows", []) if row.subject is not None]
        if registry.is_registered(obj.kind):
            return [obj, *registry.kind_of(obj.kind).people(rows)]
        return [obj, *rows]

    @admin.display(description=gettext_lazy("batch"), ordering="pk")
    def number(self, batch: Batch) -> str:
        return f"#{batch.pk}"

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_label(self, batch: Batch) -> str:
        return registry.label_of(batch.kind)

    @admin.display(description=pgettext_lazy("batch", "done"))
    def progress(self, batch: Any) -> str:
        return f"{batch.done}/{batch.total}"

    @admin.display(description=gettext_lazy("state"))
    def state_label(self, batch: Batch) -> str:
        return str(batch.state.label)

    # --- pages -----------------------------------------------------------------------------------

    def details(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        rows = obj.rows.filter(state=BatchRow.State.FAILED)[:MOST_SHOWN]
        obj.shown_rows = _with_subjects(obj, list(rows))
        issued = obj.rows.filter(state=BatchRow.State.ISSUED).select_related("certificate")
        return {
            "batch": obj,
            "failed": obj.shown_rows,
            "issued": [row.certificate for row in issued[:MOST_SHOWN] if row.certificate],
            "progress_url": self.address("progress", obj),
        }

    def get_acts(self, request: HttpRequest, obj: Batch) -> list[ObjectAct]:
        if obj.is_running and permissions.can_cancel_batch(request.user):
            return [ObjectAct(pgettext("batch", "Cancel the rest"), self.address("cancel", obj))]
        return []

    def get_urls(self) -> list[URLPattern]:
        guarded, name = self.admin_site.admin_view, "certificates_batch"
        progress = guarded(require_safe(partial(progress_part, self)))
        cancel = guarded(partial(cancel_page, self))
        return [
            path("<path:object_id>/progress/", progress, name=f"{name}_progress"),
            path("<path:object_id>/cancel/", cancel, name=f"{name}_cancel"),
            *super().get_urls(),
        ]


def progress_part(
    model_admin: BatchAdmin, request: HttpRequest, object_id: str
) -> HttpResponseBase:
    """Numbers alone, of nobody: the part of the page that a script asks for again and again."""
    batch = model_admin.to_look_at(request, object_id)
    response: HttpResponse = render(request, "admin/certificates/progress.html", {"batch": batch})
    response.headers["Cache-Control"] = "no-store"
    return response


def cancel_page(model_admin: BatchAdmin, request: HttpRequest, object_id: str) -> HttpResponseBase:
    batch = model_admin.to_look_at(request, object_id)
    if not permissions.can_cancel_batch(request.user):
        raise PermissionDenied
    if request.method == "POST":
        if batch.cancel(by=request.user):
            model_admin.look(request, Act.EDIT, [batch], what="cancel")
            model_admin.message_user(request, _("The rest has been cancelled."), messages.SUCCESS)
        else:
            model_admin.message_user(request, _("This batch is already over."), messages.WARNING)
        return redirect(model_admin.address("change", batch))
    return model_admin.act_page(
        request,
        batch,
        "admin/act.html",
        what="cancel",
        title=pgettext("batch", "Cancel the rest"),
        button=pgettext("batch", "Cancel the rest"),
        explanation=_(
            "Certificates already issued stay valid, and their emails are sent. The others are not"
            " issued; you can start another batch for them at any time."
        ),
    )


def _with_subjects(batch: Batch, rows: list[Any]) -> list[Any]:
    """The rows with the record that each is about, asked for in one go; None where it is gone."""
    model = batch.content_type.model_class()
    found = model._base_manager.in_bulk([row.object_id for row in rows]) if model else {}
    for row in rows:
        row.subject = found.get(row.object_id)
    return rows
