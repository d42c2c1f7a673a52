"""The page that puts a record back as it was: first what will change, then the act."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from . import histories, restoring
from .admin_pages import RecordPages
from .restoring import Plan, RefusedError


class RestoreMixin(RecordPages):
    # Models below the record whose rows hang on more than a history tells: they stay.
    stay_when_restored: tuple[type[models.Model], ...] = ()

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_restore"
        view = self.admin_site.admin_view(self.restore_view)
        return [
            path("<path:object_id>/history/restore/<int:moment>/", view, name=name),
            *super().get_urls(),
        ]

    def restore_view(self, request: HttpRequest, object_id: str, moment: int) -> HttpResponse:
        with transaction.atomic():
            return self._restore_page(request, object_id, moment)

    def _restore_page(self, request: HttpRequest, object_id: str, moment: int) -> HttpResponse:
        obj: Any = self._to_restore(request, object_id)
        plan = self._plan(request, obj, moment)
        refused: list[str] = []
        is_same = request.POST.get("shown") == plan.stamp
        if request.method == "POST" and is_same:
            try:
                restoring.restore(plan, whole="whole" in request.POST, by=request.user)  # type: ignore[arg-type]
            except RefusedError as error:
                refused = error.sentences
            else:
                return self._restored(request, obj, plan)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Restore this version"),
            "opts": self.opts,
            "object": obj,
            "plan": plan,
            "refused": refused,
            "has_changed": request.method == "POST" and not is_same,
            "is_whole": "whole" in request.POST or request.method != "POST",
            "back": self.address("history", obj),
        }
        return TemplateResponse(request, "admin/restore.html", context)

    def _restored(self, request: HttpRequest, obj: models.Model, plan: Plan) -> HttpResponse:
        at = {"time": histories.moment(plan.at)}
        self.log_change(request, obj, _("Put back as it was at %(time)s") % at)
        sentence = _(
            "The record is as it was on %(time)s. The version before this stays in the history."
        )
        self.message_user(request, sentence % at, messages.SUCCESS)
        return redirect(self.address("change", obj))

    def _plan(self, request: HttpRequest, obj: Any, moment: int) -> Plan:
        try:
            at = histories.from_address(moment)
            below = self._inlines_to_restore(request, obj)
            return restoring.plan_for(obj, at, below, fixed=self._fields_that_stay(request, obj))
        except (LookupError, OverflowError) as error:
            raise Http404 from error

    def _to_restore(self, request: HttpRequest, object_id: str) -> Any:
        """The record as it stands, held, for somebody who may change all of it."""
        obj = self.get_object(request, object_id)
        if obj is not None and request.method == "POST":
            self.has_change_permission(request, obj)  # holds what may close the record, before it
            list(self.model._base_manager.select_for_update().filter(pk=obj.pk).values_list("pk"))
            obj = self.get_object(request, object_id)
        if not self.has_whole_permission(request, obj):  # type: ignore[attr-defined]
            raise PermissionDenied
        if obj is None or not self.has_versions():  # type: ignore[attr-defined]
            raise Http404
        return obj

    def _fields_that_stay(self, request: HttpRequest, obj: models.Model) -> set[str]:
        """The address, and what nobody writes by hand."""
        fixed = {str(name) for name in self.get_readonly_fields(request, obj)}
        fixed |= {field.name for field in self.opts.fields if not field.editable}
        return fixed | {getattr(self, "slug_field", "")}

    def _inlines_to_restore(self, request: HttpRequest, obj: Any) -> list[Any]:
        """What the person may add, change and remove: a row that is put back is one of them."""
        found = []
        for inline in self.inlines:
            its = inline(self.model, self.admin_site)
            may = (
                its.has_add_permission(request, obj)
                and its.has_change_permission(request, obj)
                and its.has_delete_permission(request, obj)
            )
            if may and hasattr(inline.model, "history"):
                found.append((inline.model, self._key_of(inline)))  # type: ignore[attr-defined]
        return [pair for pair in found if pair[0] not in self.stay_when_restored]
