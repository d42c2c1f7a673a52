"""What an address asks of a dataset, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from oda_portal.languages import HTML_LANG
from oda_portal.publishing.texts import without_controls

from .columns import ALL
from .registry import Dataset, Rows

# Values of `lang` as the API and files write them: the codes of web pages.
LANGUAGES = {**{html: code for code, html in HTML_LANG.items()}, ALL: ALL}
# What somebody wrote that means nothing is quoted so far, and so many possible values are named.
MOST_LETTERS = 50
MOST_VALUES = 60
# So many faults of one address are told, each with what would be possible.
MOST_FAULTS = 20


@dataclass(frozen=True)
class Fault:
    """A parameter and, in the active language, what is wrong with it."""

    parameter: str
    message: str


class BadQueryError(Exception):
    """What was asked cannot be answered as it stands; nothing is guessed."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.parameter}: {fault.message}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Asked:
    """The rows that were asked for, and the language of their texts (or `all`)."""

    rows: Rows
    language: str


def asked_of(dataset: Dataset, query: QueryDict, *, also: Collection[str] = ()) -> Asked:
    """Raises BadQueryError for parameters that there are not and values that mean nothing.

    `also` are parameters that the caller understands by itself.
    """
    unknown = _unknown(dataset, query, {"lang", *also})
    faults = []
    language = LANGUAGES.get(query.get("lang", ""), "")
    if "lang" in query and not language:
        faults.append(Fault("lang", one_of(LANGUAGES)))
    rows = dataset.rows()
    if dataset.filters:
        narrowed = dataset.filters(query, queryset=rows)
        for name, messages in narrowed.form.errors.items():
            faults.append(Fault(name, _message(narrowed.form.fields[name], messages)))
        rows = rows if faults or unknown else narrowed.qs
    if faults or unknown:
        raise BadQueryError([*faults, *unknown][:MOST_FAULTS])
    return Asked(rows, language or translation.get_language() or settings.LANGUAGE_CODE)


def parameters_of(dataset: Dataset) -> list[str]:
    return list(dataset.filters.base_filters) if dataset.filters else []


def labels_of(dataset: Dataset) -> dict[str, str]:
    """What the parameters are called in the list for people, in the active language."""
    filters = dataset.filters.base_filters if dataset.filters else {}
    return {name: str(each.label) for name, each in filters.items()}


def one_of(values: Iterable[str]) -> str:
    """Which values there are; a few of them where there are very many."""
    named = sorted(values)
    shown = ", ".join(named[:MOST_VALUES])
    return _("Possible: %(values)s.") % {
        "values": shown if len(named) <= MOST_VALUES else f"{shown} …"
    }


def _unknown(dataset: Dataset, query: QueryDict, known: Collection[str]) -> list[Fault]:
    names = [*parameters_of(dataset), *known]
    possible = one_of(names)
    faults = [
        Fault(_quoted(name), _("There is no such parameter. %(known)s") % {"known": possible})
        for name in query
        if name not in names
    ]
    twice = [name for name in query if name in names and len(query.getlist(name)) > 1]
    return [*faults, *(Fault(name, _("It may be given once only.")) for name in twice)]


def _message(field: forms.Field, messages: Iterable[Any]) -> str:
    if not isinstance(field, forms.ChoiceField):
        return " ".join(str(message) for message in messages)
    choices: Any = field.choices
    values = [str(value) for value, _label in choices if value not in ("", None)]
    return _("There is no such value. %(known)s") % {"known": one_of(values)}


def _quoted(name: str) -> str:
    """A parameter as it was written, as far as it can stand on a page."""
    return without_controls(name)[:MOST_LETTERS]
