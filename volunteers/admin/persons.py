"""What the admin of applications and that of volunteers share: they are read, and recorded."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.masking import Mask, hidden, masked_email, masked_telephone
from oda_portal.privacy.models import Act
from oda_portal.publishing.admin import ObjectAct
from oda_portal.publishing.admin_base import ReadOnlyAdmin
from volunteers.models import State

# Of a person who applied, and masked wherever staff see it, until they say why they need it.
MASKED: dict[str, Mask] = {
    "name_roman": hidden,
    "name_hangul": hidden,
    "born_on": hidden,
    "email": masked_email,
    "address_of": masked_email,
    "telephone": masked_telephone,
    "residence": hidden,
    "affiliation": hidden,
}


def handed_in(path: str = "") -> Q:
    """Applications that staff know of; `path` leads to them, as `applications__`.

    A draft is its writer's alone, also while one that was withdrawn is written anew.
    """
    return Q(**{f"{path}sent_at__isnull": False}) & ~Q(**{f"{path}state": State.DRAFT})


class PersonAdmin(RecordedLooks, ReadOnlyAdmin):
    """Records of people who applied. Nobody adds, changes or deletes one by hand."""

    list_per_page = 50

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """What staff may not know of, somebody's draft above all, does not exist."""
        obj = super().get_object(request, object_id, from_field)
        if obj is None:
            raise Http404
        return obj

    def get_acts(self, request: HttpRequest, obj: Any) -> list[ObjectAct]:
        return []

    def details(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """What the page shows below the record's own fields."""
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
        """The record's own page says what became of it; there is no other history."""
        obj = self.to_look_at(request, object_id)
        return redirect(self.address("change", obj))

    # --- pages beside the record's own -----------------------------------------------------------

    def to_look_at(self, request: HttpRequest, object_id: str) -> Any:
        obj = self.get_object(request, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        return obj

    def page(
        self, request: HttpRequest, obj: Any, template: str, *, what: str, title: str,
        form: Form | None = None, **context: Any,
    ) -> TemplateResponse:  # fmt: skip
        """A page about one record, recorded as a look."""
        why = self.reason_to_show(request, obj)
        self.look(request, Act.DETAIL, [obj], what=what, reason=why)
        whole = self.context_about(request, obj, title=title, form=form, **context)
        return TemplateResponse(request, template, whole)
