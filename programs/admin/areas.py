"""Whose work is limited to some kinds of programme sees no others in the back office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import Http404, HttpRequest

from oda_portal.accounts.areas import areas_of, lead, within
from programs.models import Program


class WithinAreas(admin.ModelAdmin):
    """`program_path`: how the record leads to its programme, as “program”; empty for itself.

    `program_is_optional`: not every record has one, and some have several (`areas.lead`).
    """

    program_path = "program"
    program_is_optional = False

    def __init__(self, model: type[models.Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        lead(model, self.kind_path, optional=self.program_is_optional)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).filter(within(request.user, self.model))

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        obj = super().get_object(request, object_id, from_field)
        if obj is None and areas_of(request.user) is not None:
            raise Http404
        return obj

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_theirs(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_theirs(request, obj) and super().has_delete_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_theirs(request, obj) and super().has_view_permission(request, obj)

    def has_deleted_page(self, request: HttpRequest) -> bool:
        """Of a deleted record nobody asks whose it was: for those whose work is not limited."""
        return areas_of(request.user) is None and super().has_deleted_page(request)  # type: ignore[misc]

    @property
    def kind_path(self) -> str:
        return f"{self.program_path}__kind" if self.program_path else "kind"

    def _is_theirs(self, request: HttpRequest, obj: Any) -> bool:
        if areas_of(request.user) is None or obj is None or obj.pk is None:
            return True
        # As it is stored: a form that is refused may have given it another kind by now.
        theirs = within(request.user, self.model)
        return self.model._base_manager.filter(theirs, pk=obj.pk).exists()

    # --- what can be chosen ----------------------------------------------------------------------

    def formfield_for_choice_field(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        kinds = areas_of(request.user)
        if kinds is not None and self.model is Program and db_field.name == "kind":
            kwargs["choices"] = [choice for choice in db_field.choices if choice[0] in kinds]
        return super().formfield_for_choice_field(db_field, request, **kwargs)
