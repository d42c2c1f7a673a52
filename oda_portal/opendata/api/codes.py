"""Code lists: what codes in the datasets mean, each a small dataset of its own.

Every column with few values is one; apps register lists that are tables of theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from types import SimpleNamespace

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.opendata.columns import Choices, Column, Words, text
from oda_portal.opendata.registry import Dataset, Rows, datasets
from oda_portal.publishing.models import language_column

_registered: dict[str, Dataset] = {}


def code_list(
    name: str, title: Words, rows: Callable[[], Rows], *, code: str = "code", changed: str = ""
) -> Dataset:
    """Rows with a code in the field `code` and a translated `name`."""
    return Dataset(
        name=name,
        title=title,
        about=title,
        columns=(
            Column(
                name="code",
                about=pgettext_lazy("column", "Code"),
                value=lambda row: getattr(row, code),
            ),
            *text("name", _("What the code means")),
        ),
        rows=rows,
        changed=changed,
    )


def register_codes(found: Dataset) -> None:
    """Raises ValueError when the name is taken."""
    if found.name in _registered:
        raise ValueError(f"code list {found.name}: taken")
    _registered[found.name] = found


def of_choices(name: str, title: Words, choices: Choices) -> Dataset:
    return code_list(name, title, partial(_rows_of, choices))


def code_lists() -> dict[str, Dataset]:
    """By name: `<dataset>-<column>`, and what was registered."""
    return {**_registered, **_of_columns()}


@cache
def _of_columns() -> dict[str, Dataset]:
    found = {}
    for dataset in datasets():
        for column in dataset.columns:
            if column.codes is not None:
                name = f"{dataset.name}-{column.name}"
                found[name] = of_choices(name, column.about, column.codes)
    return found


def _rows_of(choices: Choices) -> list[SimpleNamespace]:
    """Each code with its name in every language, as a translated row has it."""
    return [
        SimpleNamespace(code=str(code), **_in_every_language(label))
        for code, label in choices
        if code not in ("", None)
    ]


def _in_every_language(label: Words) -> dict[str, str]:
    found = {}
    for language in settings.MODELTRANSLATION_LANGUAGES:
        with translation.override(language):
            found[language_column("name", language)] = str(label)
    return found
