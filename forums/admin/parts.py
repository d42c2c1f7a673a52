"""The parts of an edition that are edited on its own page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models as db
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from forums import models
from oda_portal.publishing.admin import TranslatedInline


class RoomFormSet(BaseInlineFormSet):
    """Says in words that a room in use stays."""

    def clean(self) -> None:
        for form in self.initial_forms:
            if form.cleaned_data.get("DELETE") and form.instance.sessions.exists():
                params = {"room": str(form.instance)}
                raise ValidationError(
                    _("There are sessions in “%(room)s”. Move them to another room first."),
                    code="used",
                    params=params,
                )
        super().clean()


class RoomInline(TranslatedInline):
    model = models.Room
    formset = RoomFormSet
    fields = ("name", "position")


class MaterialInline(TranslatedInline):
    model = models.Material
    formfield_overrides = {
        **TranslatedInline.formfield_overrides,
        db.URLField: {"assume_scheme": "https"},
    }
    fields = (("kind", "language", "position"), "title", "file", "url", "session")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        field: Any = formset.form.base_fields.get("session")
        if field:
            sessions = models.ForumSession.objects.filter(forum=obj).in_order()
            field.queryset = sessions
            # Read once, and not again for every row.
            empty = [("", field.empty_label)]
            field.choices = [*empty, *((row.pk, str(row)) for row in sessions)]
        return formset


class CorrectionInline(TranslatedInline):
    """Written with the correction itself; here it is only read."""

    model = models.Correction
    fields = ("text", ("at", "by"))
    readonly_fields = ("at", "by")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
