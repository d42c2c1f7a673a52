"""What previews add to the admin of a record: a button, and where its public page is."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.privacy.looks import RecordedLooks

from .applying import RefusedError
from .autosave import AutosaveMixin
from .making import make_preview

BUTTON = "_preview"


class PreviewMixin(AutosaveMixin):
    """Records with a public page can be looked at before they are saved.

    Personal data have no preview: whoever holds its link would leave no look.
    """

    # --- where it is shown ---------------------------------------------------------------------

    def has_preview(self, request: HttpRequest) -> bool:
        has_page = hasattr(self.model, "get_absolute_url") and hasattr(self.model, "is_public")
        return has_page and not isinstance(self, RecordedLooks)

    def preview_owners(self, obj: Any) -> list[models.Model]:
        """The rows that decide whether everybody may see the record."""
        return [obj]

    def may_be_previewed(self, request: HttpRequest, owner: models.Model) -> bool:
        """Whether whoever asks may show a row, of those that decide, before it is public."""
        return True

    def preview_roots(self, obj: Any) -> list[str]:
        """Addresses: the page that shows the record first, then what else of it has pages below."""
        return [obj.get_absolute_url()]

    # --- the form --------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if request.method == "POST" and BUTTON in request.POST:
            return self._make_preview(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _make_preview(self, request: HttpRequest, object_id: str | None) -> HttpResponseBase:
        if not self.has_preview(request):
            raise BadRequest("This record has no page of its own")
        obj = self.get_object(request, object_id) if object_id else None
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if not may or (object_id and obj is None):
            raise PermissionDenied
        key = str(obj.pk) if obj else ""
        try:
            preview = make_preview(request, self.model, key, by=request.user)  # type: ignore[arg-type]
        except RefusedError as error:
            return self._refused(request, obj, error)
        return redirect(reverse("previews:preview", args=[preview.uuid]))

    def _refused(self, request: HttpRequest, obj: Any, error: RefusedError) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": obj,
            "title": _("It cannot be shown yet"),
            "reasons": error.reasons,
        }
        return render(request, "admin/previewing/refused.html", context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        obj = kwargs.get("obj")
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        context["preview_button"] = BUTTON if may and self.has_preview(request) else ""
        return super().render_change_form(request, context, *args, **kwargs)
