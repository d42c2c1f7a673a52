"""An application as its applicant wrote it, to be read again before and after sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.publishing.texts import day

from .forms import ConsentsForm, DocumentsForm, StepForm
from .forms.fields import DayField, TelephoneField
from .models import Application
from .sending import Steps


@dataclass(frozen=True)
class Part:
    """One step: its title, where to change it, and each answer with its label."""

    title: str
    url: str
    rows: list[tuple[str, str]]


def summary_of(application: Application, steps: Steps) -> list[Part]:
    """What stands in the draft, step by step, in the order of the form."""
    slug = application.call.slug
    return [
        Part(str(form.title), reverse("volunteers:apply_step", args=[slug, name]), _rows(form))
        for name, form in steps.items()
    ]


def _rows(form: StepForm) -> list[tuple[str, str]]:
    if isinstance(form, DocumentsForm):
        return [(str(field.label), row.name if row else "") for field, row in form.rows()]
    if isinstance(form, ConsentsForm):
        return [(str(field.label), _consent(field)) for field in form]
    return [(str(field.label), _shown(field)) for field in form]


def _consent(field: forms.BoundField) -> str:
    value = str(field.value() or "")
    if not value.startswith(("yes.", "no.")):
        return value
    return _("I agree") if value.startswith("yes.") else _("I do not agree")


def _shown(field: forms.BoundField) -> str:
    value: Any = field.value() or ""
    if isinstance(field.field, DayField | TelephoneField):
        return _as_read(field.field, value)
    choices = getattr(field.field, "choices", None)
    return str(dict(choices).get(value, value) if choices else value)


def _as_read(field: DayField | TelephoneField, value: str) -> str:
    """As the portal understood it, in the reader's way of writing; else as it was typed."""
    try:
        found = field.clean(value)
    except ValidationError:
        return value
    return day(found) if isinstance(found, date) else found or ""
