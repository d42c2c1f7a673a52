"""Setting the same in many records: department, themes, time of publication."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from . import bulk
from .stages import stage_of

MOST_SHOWN = 20


class BulkMixin(admin.ModelAdmin):
    """`bulk_fields`: what can be set for many at once; links are added, the others replaced."""

    bulk_fields: tuple[str, ...] = ("department", "publish_at")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        if found is not None and not self.has_whole_permission(request):  # type: ignore[attr-defined]
            found.pop("change_selected", None)
        return found

    @admin.action(description=gettext_lazy("Change selected"))
    def change_selected(self, request: HttpRequest, queryset: Any) -> HttpResponseBase | None:
        form = self._bulk_form(request)
        keys = list(queryset.values_list("pk", flat=True)[: bulk.MOST + 1])
        if form.is_valid() and len(keys) <= bulk.MOST:
            return self._set(request, keys, _plain(form.cleaned_data))
        across = request.POST.get("select_across") == "1"
        numbers = request.POST.getlist(ACTION_CHECKBOX_NAME)
        shown = list(queryset[:MOST_SHOWN])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change selected"),
            "opts": self.opts,
            "form": form,
            "count": len(keys),
            "is_too_many": len(keys) > bulk.MOST,
            "most": bulk.MOST,
            "rows": [(row, stage_of(row)) for row in shown],
            "more": max(0, len(keys) - len(shown)),
            "numbers": numbers[:1] if across else numbers,
            "across": int(across),
        }
        return TemplateResponse(request, "admin/jobs/change_selected.html", context)

    def _bulk_form(self, request: HttpRequest) -> BulkForm:
        fields = {name: _field(self.model, name) for name in self.bulk_fields}
        return BulkForm(request.POST if "sure" in request.POST else None, fields=fields)

    def _set(
        self, request: HttpRequest, keys: list[int], values: dict[str, Any]
    ) -> HttpResponseBase | None:
        if len(keys) > bulk.AT_ONCE:
            job = bulk.start(
                bulk.CHANGE, self.model, keys, by=request.user, values=values,  # type: ignore[arg-type]
                title=_("Change %(count)s records") % {"count": len(keys)},
            )  # fmt: skip
            return redirect(job.get_admin_url())
        done = 0
        for key in keys:
            done += self._set_one(request, key, values)
        sentence = ngettext(
            "%(count)s record was changed.", "%(count)s records were changed.", done
        )
        self.message_user(request, sentence % {"count": done}, messages.SUCCESS)
        return None

    def _set_one(self, request: HttpRequest, key: int, values: dict[str, Any]) -> bool:
        with transaction.atomic():
            there = self.model._base_manager.filter(pk=key)
            row = there.first()
            # What may close it is held before the record itself.
            if row is None or self.is_refused(request, row):  # type: ignore[attr-defined]
                return False
            row = there.select_for_update(of=("self",)).first()
            if row is None:
                return False
            try:
                with transaction.atomic():
                    bulk.change(row, by=request.user, values=values)  # type: ignore[arg-type]
            except (bulk.NotThisError, ValidationError) as refusal:
                reason = " ".join(getattr(refusal, "messages", [str(refusal)]))
                self.say_left(request, row, reason)  # type: ignore[attr-defined]
                return False
        return True


def _field(model: type[models.Model], name: str) -> Any:
    field = model._meta.get_field(name)
    if isinstance(field, models.DateTimeField):
        # The browser's own calendar, which needs no script.
        widget = forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
        return field.formfield(required=False, widget=widget)
    return field.formfield(required=False)  # type: ignore[union-attr]


class BulkForm(forms.Form):
    def __init__(self, data: Any, *, fields: dict[str, Any]) -> None:
        super().__init__(data)
        for name, field in fields.items():
            # Left empty, a field says that nothing is to change.
            field.initial = None
            self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not _plain(cleaned):
            raise ValidationError(_("Choose at least one thing to change."))
        return cleaned


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """What was filled in, as JSON can hold it."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, models.Model):
            found[name] = value.pk
        elif isinstance(value, models.QuerySet):
            if keys := list(value.values_list("pk", flat=True)):
                found[name] = keys
        elif isinstance(value, datetime):
            found[name] = value.isoformat()
        elif value not in (None, ""):
            found[name] = value
    return found
