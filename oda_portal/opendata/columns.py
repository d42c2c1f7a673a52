"""What a row of a dataset says, column by column: the one description that every format follows.

Files, API, catalogue and the OpenAPI document are all made from these columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Any, TypeAlias

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.languages import HTML_LANG, absolute
from oda_portal.publishing.models import language_column
from oda_portal.publishing.texts import text_in

Words: TypeAlias = "str | Promise"
Choices: TypeAlias = "Iterable[tuple[str, Words]]"
# The value of `lang` that gives every language in columns of its own.
ALL = "all"


def _itself(row: Any) -> Any:
    return row


class Type(Enum):
    """JSON Schema types and formats of a cell; a list is one of codes or names."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "date-time"
    ADDRESS = "uri"
    LIST = "array"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column.

    `name` is stable English and never changes; `about` says in the reader's language what stands
    there. `value` takes a row, with the language of the texts active. `codes` are all values that
    there can be, where they are few. `text` names the translated field that the value is read
    from, `worded` says that the language decides what stands there: with `lang=all` there is one
    column for each language instead.
    """

    name: str
    about: Words
    value: Callable[[Any], Any]
    type: Type = Type.STRING
    nullable: bool = False
    codes: Choices | None = None
    text: str = ""
    # The row, or what of the row has the translated field.
    of: Callable[[Any], Any] | None = None
    worded: bool = False
    # What stands over the column in a table for people; otherwise `about`.
    short: Words = ""
    # The row's own field that stands here as it is, by which rows can be put in order. What is
    # computed has none: the order would tell what the value leaves out.
    field: str = ""


def stored(
    name: str,
    about: Words,
    type: Type = Type.STRING,
    *,
    field: str = "",
    of: Callable[[Any], Any] = _itself,
    nullable: bool = False,
    short: Words = "",
) -> Column:
    """What a field of the row holds; `of` leads to another row that has it, or to None.

    An empty text is null in a column that is nullable.
    """
    return Column(
        name=name,
        about=about,
        value=partial(_attribute if nullable or type != Type.STRING else _words, of, field or name),
        type=type,
        nullable=nullable,
        field=(field or name) if of is _itself else "",
        short=short,
    )


def text(
    name: str, about: Words, *, field: str = "", of: Callable[[Any], Any] = _itself
) -> tuple[Column, ...]:
    """A translated field, and in which language it stands there, by the fallback of pages."""
    field = field or name
    return (
        Column(
            name=name,
            about=about,
            value=partial(_text, of, field),
            text=field,
            of=of,
        ),
        Column(
            name=f"{name}_language",
            about=format_lazy(_("{column} (language)"), column=about),
            value=partial(_language, of, field),
            text=field,
            of=of,
            nullable=True,
        ),
    )


def choice(
    name: str,
    about: Words,
    choices: Any,
    *,
    field: str = "",
    of: Callable[[Any], Any] = _itself,
    value: Callable[[Any], str | None] | None = None,
    nullable: bool = False,
) -> tuple[Column, ...]:
    """A field with choices, or a computed `value`: its code, and its label for the reader."""
    known = getattr(choices, "choices", choices)
    labels = {str(code): label for code, label in known}
    code_of = value or partial(_code, of, field or name)
    return (
        Column(
            name=name,
            about=about,
            value=code_of,
            nullable=nullable,
            codes=list(labels.items()),
            field=(field or name) if of is _itself and value is None else "",
        ),
        Column(
            name=f"{name}_name",
            about=about,
            value=partial(_label, code_of, labels),
            nullable=nullable,
            worded=True,
        ),
    )


def linked(
    name: str,
    about: Words,
    of: Callable[[Any], Any],
    *,
    code: str = "code",
    label: str = "name",
    nullable: bool = False,
) -> tuple[Column, ...]:
    """Another row that this one leads to: `<name>_<code>` and `<name>_<label>`."""
    return (
        stored(f"{name}_{code}", _code_of(about), field=code, of=of, nullable=nullable),
        Column(
            name=f"{name}_{label}",
            about=about,
            value=partial(_text_or_none, of, label),
            nullable=nullable,
            worded=True,
        ),
    )


def several(
    name: str, about: Words, rows: Callable[[Any], Iterable[Any]], *, code: str, label: str = "name"
) -> tuple[Column, ...]:
    """What a row has several of: `<name>_codes` and, in the same order, `<name>_names`."""
    return (
        Column(
            name=f"{name}_codes",
            about=_code_of(about),
            value=lambda row: [getattr(each, code) for each in rows(row)],
            type=Type.LIST,
        ),
        Column(
            name=f"{name}_names",
            about=about,
            value=lambda row: [text_in(each, label).text for each in rows(row)],
            type=Type.LIST,
            worded=True,
        ),
    )


def _code_of(about: Words) -> Promise:
    return format_lazy(_("{column} (code)"), column=about)


def page_address(of: Callable[[Any], Any] = _itself) -> Column:
    """`url`: the row's page on the portal, in the language of the texts."""
    return Column(
        name="url",
        about=_("Its page on this site"),
        value=lambda row: absolute(of(row).get_absolute_url()),
        type=Type.ADDRESS,
        worded=True,
    )


def changed() -> Column:
    return stored("changed_at", pgettext_lazy("column", "Last changed"), Type.MOMENT)


def in_language(columns: Iterable[Column], language: str) -> list[Column]:
    """The columns that there are for a value of `lang`."""
    if language != ALL:
        return list(columns)
    found: list[Column] = []
    for column in columns:
        if column.worded or (column.text and not column.name.endswith("_language")):
            found += [_of_language(column, code) for code in settings.MODELTRANSLATION_LANGUAGES]
        elif not column.text:
            found.append(column)
    return found


def _of_language(column: Column, code: str) -> Column:
    """A text as it is stored in this language, or what stands there when it is active."""
    name = language_column(column.name, code)
    if not column.text:
        return replace(column, name=name, value=partial(_said_in, code, column.value))
    read = partial(_attribute, column.of or _itself, language_column(column.text, code))
    return replace(column, name=name, value=read, nullable=True)


def _said_in(code: str, value: Callable[[Any], Any], row: Any) -> Any:
    with translation.override(code):
        return value(row)


def _attribute(of: Callable[[Any], Any], name: str, row: Any) -> Any:
    """None where there is no such row, or nothing stands in it."""
    owner = of(row)
    found = None if owner is None else getattr(owner, name)
    return None if found == "" else found


def _words(of: Callable[[Any], Any], name: str, row: Any) -> str:
    return _attribute(of, name, row) or ""


def _code(of: Callable[[Any], Any], name: str, row: Any) -> str | None:
    found = _attribute(of, name, row)
    return None if found is None else str(found)


def _label(code_of: Callable[[Any], str | None], labels: dict[str, Words], row: Any) -> str | None:
    code = code_of(row)
    return None if code is None else str(labels[code])


def _text(of: Callable[[Any], Any], field: str, row: Any) -> str:
    owner = of(row)
    return "" if owner is None else text_in(owner, field).text


def _text_or_none(of: Callable[[Any], Any], field: str, row: Any) -> str | None:
    return _text(of, field, row) or None


def _language(of: Callable[[Any], Any], field: str, row: Any) -> str | None:
    owner = of(row)
    found = None if owner is None else text_in(owner, field)
    return HTML_LANG[found.language] if found and found.text else None
