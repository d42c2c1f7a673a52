"""Forms offer whoever works on some kinds of programme no records of the others."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.forms.models import _get_foreign_key
from django.http import HttpRequest

from oda_portal.accounts.areas import areas_of, is_led, within
from oda_portal.accounts.models import User


class ChoosesWithinAreas:
    """For admins of records and of the rows inside them: a posted key is refused like any other
    that is not offered. What a record names already stays: saving must not take it away.
    """

    model: type[models.Model]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        keep_to_theirs(form, request.user, self.model._base_manager.filter(pk=obj and obj.pk))
        return form

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        inline: Any = self
        above = _get_foreign_key(inline.parent_model, self.model, inline.fk_name)
        rows = self.model._base_manager.filter(**{above.name: obj and obj.pk})
        keep_to_theirs(formset.form, request.user, rows)
        return formset


def keep_to_theirs(
    form: type[forms.ModelForm], user: User | AnonymousUser, rows: models.QuerySet
) -> None:
    """`rows` are the stored ones that the form is about."""
    if areas_of(user) is None:
        return
    options = rows.model._meta
    stored = {part.name for part in (*options.concrete_fields, *options.many_to_many)}
    for name, field in form.base_fields.items():
        choices = getattr(field, "queryset", None)
        if choices is not None and is_led(choices.model):
            may = within(user, choices.model)
            if name in stored:
                may |= models.Q(pk__in=rows.order_by().values(name))
            # What a form declares itself belongs to everybody’s.
            own: Any = deepcopy(field)
            own.queryset = choices.filter(may)
            form.base_fields[name] = own
