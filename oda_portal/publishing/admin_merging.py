"""The form of a record that two people have open: the second sees by whom and what, and chooses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.http import HttpRequest, HttpResponse

from .merging import CHOICE, Merged, Merging


class MergingMixin(admin.ModelAdmin):
    """Before the form is read, what was sent is joined with what was saved meanwhile."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and object_id and "version" in request.POST:
            obj = self.get_object(request, object_id)
            if obj is not None and self.has_change_permission(request, obj):
                self._join(request, obj)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.below = self.below_with_history()
        if merged := getattr(request, "merged", None):
            form.clashes = merged.names
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        merged: Merged | None = getattr(request, "merged", None)
        if merged and context["adminform"].form.has_error("__all__", "conflict"):
            context["merged"] = merged
        return super().render_change_form(request, context, *args, **kwargs)

    def below_with_history(self) -> list[tuple[type[models.Model], str]]:
        return [
            (inline.model, self._key_of(inline))  # type: ignore[attr-defined]
            for inline in self.inlines
            if hasattr(inline.model, "history")
        ]

    def _join(self, request: HttpRequest, obj: models.Model) -> None:
        sent = Merging(obj, self.below_with_history(), request.POST.copy())
        opened = sent.since()
        has_chosen = any(name.startswith(CHOICE) for name in request.POST)
        if opened is None and not has_chosen:
            return
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        record_fields = self.get_form(request, obj, change=True, fields=fields).base_fields
        if opened is None:
            sent.take_theirs(dict(self._controls(request, obj, sent, record_fields)))
        else:
            sent.tell(opened)
            sent.merge_record(record_fields, opened)
            for model, key, controls, prefix, may_add in self._formsets_sent(request, obj):
                sent.merge_rows(model, key, controls, prefix, opened, may_add=may_add)
            request.merged = sent.merged  # type: ignore[attr-defined]
        request.POST = sent.data  # type: ignore[assignment]

    def _controls(
        self, request: HttpRequest, obj: models.Model, sent: Merging, fields: dict[str, forms.Field]
    ) -> Iterator[tuple[str, tuple[forms.Field, Any]]]:
        """By control its field and the row that it is about."""
        for name, control in fields.items():
            yield name, (control, sent.stored(type(obj), obj.pk))
        for model, _key, controls, prefix, _may in self._formsets_sent(request, obj):
            for place, pk in sent.rows_sent(model, prefix):
                if (row := sent.stored(model, pk)) is not None:
                    for name, control in controls.items():
                        yield f"{prefix}-{place}-{name}", (control, row)

    def _formsets_sent(
        self, request: HttpRequest, obj: models.Model
    ) -> Iterator[tuple[type[models.Model], str, dict[str, forms.Field], str, bool]]:
        """Each kind below the record as the form names it, and whether this person adds to it."""
        known: dict[str, int] = {}
        below = dict(self.below_with_history())
        for formset, inline in self.get_formsets_with_inlines(request, obj):
            prefix = formset.get_default_prefix()
            known[prefix] = known.get(prefix, 0) + 1
            if known[prefix] > 1:
                prefix = f"{prefix}-{known[prefix]}"
            if formset.model in below:
                key, controls = below[formset.model], formset.form.base_fields
                may_add = inline.has_add_permission(request, obj)
                yield formset.model, key, controls, prefix, may_add
