"""The history page of a record, its inlines included."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from . import histories


class HistoryMixin(admin.ModelAdmin):
    """Shows what simple-history keeps, to whoever may see the record."""

    history_per_page = 30

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            raise Http404
        steps = histories.steps(obj, self._inlines_with_history(request, obj))
        page = Paginator(steps, self.history_per_page).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": str(obj),
            "opts": self.opts,
            "object": obj,
            "page": page,
            "entries": histories.entries(page.object_list, obj),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)

    def _inlines_with_history(
        self, request: HttpRequest, obj: models.Model
    ) -> list[tuple[type[models.Model], str]]:
        """All that the reader may see, also those that this object's form does not show."""
        found = []
        for inline in self.inlines:
            if not inline(self.model, self.admin_site).has_view_permission(request, obj):
                continue
            keys = [
                field.name
                for field in inline.model._meta.fields
                if field.remote_field and field.remote_field.model is self.model
            ]
            if hasattr(inline.model, "history"):
                found.append((inline.model, inline.fk_name or keys[0]))
        return found
