"""What an address of the API may ask, as the OpenAPI document says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from oda_portal.languages import HTML_LANG
from oda_portal.opendata.columns import ALL
from oda_portal.opendata.registry import Dataset

from .orders import UPDATED_SINCE, knows_changes, orderings_of
from .reading import MOST_A_PAGE, PAGE_SIZE

Parameter = dict[str, Any]
# No address holds the character NUL.
WITHOUT_NUL = r"^[^\u0000]*$"


def lang(*, all_of_them: bool = True) -> Parameter:
    values = [*HTML_LANG.values(), *([ALL] if all_of_them else [])]
    return _query("lang", _("Language of the texts."), {"type": "string", "enum": values})


def accept_language() -> Parameter:
    return {
        "name": "Accept-Language",
        "in": "header",
        "description": _("Read where “lang” says nothing. Without either it is Korean."),
        "schema": {"type": "string"},
        "example": "en",
    }


def key(dataset: Dataset) -> Parameter:
    column = next(column for column in dataset.columns if column.name == dataset.key)
    return {
        "name": dataset.key,
        "in": "path",
        "required": True,
        "description": str(column.about),
        "schema": {"type": "string", "minLength": 1},
    }


def fields(dataset: Dataset) -> Parameter:
    names = [column.name for column in dataset.columns]
    schema = {
        "type": "array",
        "items": {"type": "string", "enum": names},
        "minItems": 1,
    }
    found = _query("fields", _("Only these columns, with commas between."), schema)
    return found | {"style": "form", "explode": False}


def of_list(dataset: Dataset) -> list[Parameter]:
    found = [
        _query("page", _("Which page."), {"type": "integer", "minimum": 1, "default": 1}),
        _query(
            "page_size",
            _("Rows on a page."),
            {"type": "integer", "minimum": 1, "maximum": MOST_A_PAGE, "default": PAGE_SIZE},
        ),
        fields(dataset),
    ]
    if orderings := orderings_of(dataset):
        about = _("By which column; with a minus downwards. What is unknown stands last.")
        found.append(_query("ordering", about, {"type": "string", "enum": orderings}))
    if knows_changes(dataset):
        about = _("Only rows that changed since this day or moment.")
        day, moment = ({"type": "string", "format": form} for form in ("date", "date-time"))
        found.append(_query(UPDATED_SINCE, about, {"anyOf": [moment, day]}))
    return [*found, *filters(dataset)]


def filters(dataset: Dataset) -> Iterator[Parameter]:
    """The dataset’s own, with the values that there are now."""
    if dataset.filters is None:
        return
    form = dataset.filters({}, queryset=dataset.rows()).form
    for name, control in form.fields.items():
        yield _query(name, str(control.label or name), _schema_of(control))


def _schema_of(control: forms.Field) -> Parameter:
    if isinstance(control, forms.ChoiceField):
        # Empty asks for all, as it does in the address of a list whose form was sent.
        values = [str(value) for value in _values(control) if str(value)]
        return {"type": "string", "enum": ["", *values]}
    if isinstance(control, forms.IntegerField):
        return {"type": "integer", **_limits(control)}
    if isinstance(control, forms.DateField):
        return {"type": "string", "format": "date"}
    schema = {"type": "string", "pattern": WITHOUT_NUL}
    longest = getattr(control, "max_length", None)
    return {**schema, "maxLength": longest} if longest else schema


def _values(control: forms.ChoiceField) -> Iterator[Any]:
    choices: Any = control.choices  # normalised when it was set, whatever was given
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from (inner for inner, _label in label)
        else:
            yield value


def _limits(control: forms.IntegerField) -> dict[str, int]:
    limits = {"minimum": control.min_value, "maximum": control.max_value}
    return {name: value for name, value in limits.items() if isinstance(value, int)}


def _query(name: str, about: str, schema: dict[str, Any]) -> Parameter:
    return {"name": name, "in": "query", "description": about, "schema": schema}
