"""The history of a record in the back office: who changed what, its inlines included."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from . import histories
from .admin_deleted import DeletedMixin
from .admin_merging import MergingMixin
from .admin_restore import RestoreMixin
from .versions import between, version_at


class HistoryMixin(MergingMixin, RestoreMixin, DeletedMixin, admin.ModelAdmin):
    """Shows what simple-history keeps, to whoever may see the record.

    Versions are compared and put back only where the history is of the record alone: not where
    it is of persons, whose admins are `RecordedLooks`.
    """

    history_per_page = 30

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self._to_read(request, object_id)
        steps = histories.steps(obj, self._inlines_with_history(request, obj))
        page = Paginator(steps, self.history_per_page).get_page(request.GET.get("p"))
        complete = histories.versions(steps) if self.has_versions() else {}
        newest = next(iter(complete.values()), None)
        context = {
            **self._page_of(request, obj, _("History")),
            "subtitle": str(obj),
            "page": page,
            "entries": histories.entries(page.object_list, obj, complete),
            "newest": newest,
            "may_restore": self.has_versions() and self.has_whole_permission(request, obj),
            "can_compare": len(complete) > 1,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What two versions say differently, the earlier one first."""
        obj = self._to_read(request, object_id)
        if not self.has_versions():
            raise Http404
        chosen = [_moment(request.GET.get(name, "")) for name in ("from", "to")]
        old, new = sorted(chosen)
        below = self._inlines_with_history(request, obj)
        before, after = (version_at(self.model, obj.pk, below, at) for at in (old, new))
        if before.record is None or after.record is None:
            raise Http404
        context = {
            **self._page_of(request, obj, _("Compare versions")),
            "old": old,
            "new": new,
            "parts": between(before, after, self.model),
            "restore": histories.in_address(old)
            if self.has_whole_permission(request, obj)
            else None,
        }
        return TemplateResponse(request, "admin/compare.html", context)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view(self.compare_view)
        return [
            path("<path:object_id>/history/compare/", view, name=f"{name}_compare"),
            *super().get_urls(),
        ]

    def has_versions(self) -> bool:
        return hasattr(self.model, "history") and not hasattr(self, "people_of")

    def has_whole_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether they may change all of the record, and not only one language of it."""
        return self.has_change_permission(request, obj)

    def _to_read(self, request: HttpRequest, object_id: str) -> Any:
        obj = self.get_object(request, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            raise Http404
        return obj

    def _page_of(self, request: HttpRequest, obj: models.Model, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "object": obj,
        }

    def _inlines_with_history(
        self, request: HttpRequest, obj: models.Model
    ) -> list[tuple[type[models.Model], str]]:
        """All that the reader may see, also those that this object's form does not show."""
        return [
            (inline.model, self._key_of(inline))
            for inline in self.inlines
            if hasattr(inline.model, "history")
            and inline(self.model, self.admin_site).has_view_permission(request, obj)
        ]

    def _key_of(self, inline: Any) -> str:
        """The foreign key of the rows of an inline to the record."""
        keys = [
            field.name
            for field in inline.model._meta.fields
            if field.remote_field and field.remote_field.model is self.model
        ]
        return inline.fk_name or keys[0]


def _moment(number: str) -> Any:
    """The moment of a version, from an address."""
    try:
        return histories.from_address(int(number))
    except (ValueError, OverflowError) as error:
        raise Http404 from error
