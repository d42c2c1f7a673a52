"""What the admin of certificates and that of batches share: they are read, acted on, recorded."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct
from oda_portal.publishing.admin_base import ReadOnlyAdmin


class ActedOnAdmin(RecordedLooks, ReadOnlyAdmin):
    """Nobody adds, changes or deletes one by hand; buttons lead to pages that ask once more.

    `get_queryset` keeps to the subjects that the person may know of.
    """

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        obj = super().get_object(request, object_id, from_field)
        if obj is None:
            raise Http404
        return obj

    def get_acts(self, request: HttpRequest, obj: Any) -> list[ObjectAct]:
        return []

    def details(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """What the page shows below the record’s own fields."""
        return {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs["obj"]
        context |= {"acts": self.get_acts(request, obj), **self.details(request, obj)}
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """The record’s own page says what became of it; there is no other history."""
        return redirect(self.address("change", self.to_look_at(request, object_id)))

    def to_look_at(self, request: HttpRequest, object_id: str) -> Any:
        obj = self.get_object(request, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        return obj

    def act_page(
        self, request: HttpRequest, obj: Any, template: str, *, what: str, title: str,
        **context: Any,
    ) -> TemplateResponse:  # fmt: skip
        """A page about one record, recorded as a look."""
        self.look(request, Act.DETAIL, [obj], what=what)
        whole = self.context_about(request, obj, title=title, **context)
        return TemplateResponse(request, template, whole)
