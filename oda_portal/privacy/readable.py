"""A person's own data as a page to read: the same that `data.json` holds, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.languages import HTML_LANG

from . import registry
from .registry import PersonalData, Words

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# What no column is called, or what a column calls otherwise than its owner would.
WORDS: dict[str, Words] = {
    "addresses": gettext_lazy("email addresses"),
    "agreed": gettext_lazy("agreed"),
    "answers": gettext_lazy("answers"),
    "at": gettext_lazy("time"),
    "attendance": gettext_lazy("attendance"),
    "call": gettext_lazy("call"),
    "checklist": gettext_lazy("checklist"),
    "choices": gettext_lazy("choices"),
    "event": gettext_lazy("event"),
    "files": gettext_lazy("files"),
    "hours": gettext_lazy("hours"),
    "kind": gettext_lazy("kind"),
    "languages": gettext_lazy("languages"),
    "on": gettext_lazy("day"),
    "organisation__slug": gettext_lazy("organisation"),
    "primary": pgettext_lazy("email", "main address"),
    "questions": gettext_lazy("questions"),
    "second_steps": gettext_lazy("second steps of signing in"),
    "service": pgettext_lazy("volunteer", "service"),
    "sessions": gettext_lazy("sessions"),
    "stands": pgettext_lazy("state", "where it stands"),
    "story": gettext_lazy("story"),
    "verified": pgettext_lazy("email", "confirmed"),
    "with_the_office": gettext_lazy("as the office has it"),
    "written": gettext_lazy("as you wrote it"),
}


class Node(NamedTuple):
    """A text, or named parts (`pairs`), or several nodes (`rows`)."""

    text: str = ""
    pairs: tuple[tuple[str, Any], ...] = ()
    rows: tuple[Any, ...] = ()


class Section(NamedTuple):
    title: str
    node: Node


def page_of(user: User, data: dict[str, Any], files: Iterable[str]) -> str:
    """The page in the person's language; `data` as `archive` puts them into `data.json`."""
    code = user.preferred_language
    with translation.override(code):
        context = {
            "html_lang": HTML_LANG[code],
            "made_at": formats.date_format(timezone.localtime(data["made_at"]), "DATETIME_FORMAT"),
            "site": data["site"],
            "sections": [_section(row, data[row.name_given]) for row in _given()],
            "files": list(files),
            "missing": data.get("files_missing", []),
        }
        return render_to_string("privacy/my_data.html", context)


def _given() -> list[PersonalData]:
    """The account first, then what was done with it."""
    return sorted((row for row in registry.registered() if row.is_given), key=_place)


def _place(entry: PersonalData) -> tuple[bool, int, str]:
    return (entry.position < 100, entry.position, entry.key)


def _section(entry: PersonalData, rows: list[dict[str, Any]]) -> Section:
    title = entry.model._meta.verbose_name_plural if entry.given_as else entry.label
    return Section(capfirst(str(title)), _node(rows, entry.model))


def _node(value: Any, model: type[models.Model], field: Any = None) -> Node:
    """`field` is the column that the value is of, where it is of one."""
    if isinstance(value, dict):
        found = ((str(key), part, _field(str(key), model)) for key, part in value.items())
        pairs = ((_word(key, of), _node(part, model, of)) for key, part, of in found)
        return Node(pairs=tuple(pair for pair in pairs if pair[1] != Node()))
    if isinstance(value, (list, tuple, set, models.QuerySet)):
        return Node(rows=tuple(_node(part, model, field) for part in value))
    named = dict(getattr(field, "flatchoices", None) or ())
    return Node(text=str(named[value]) if value in named else _text(value))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    return str(value)


def _field(key: str, model: type[models.Model]) -> Any:
    """The column that a name such as `organisation__slug` speaks of; None for a made-up one."""
    field: Any = None
    for part in key.split("__"):
        try:
            field = (field.related_model if field else model)._meta.get_field(part)
        except (FieldDoesNotExist, AttributeError):
            return None
    return field


def _word(key: str, field: Any) -> str:
    """As its owner would call it, or as the forms do; what has no name there keeps its own."""
    named = WORDS.get(key) or getattr(field, "verbose_name", "")
    return capfirst(str(named or key.replace("__", " ").replace("_", " ")))
