"""Columns that a spreadsheet can fill: what a cell means, and what is stored in its words.

A value is kept as JSON can hold it: a text, a number, a yes, a day in figures, a record's number
or a list of them. Two values are the same when their JSON is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oda_portal.privacy.numbers import refuse_resident_number
from oda_portal.publishing.histories import in_words, label_of
from oda_portal.publishing.rich import RichTextField
from oda_portal.publishing.texts import clean_html, in_lines

from . import cells
from .cells import Cell, CellError, folded
from .names import Names
from .registry import Importable

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# What an empty cell says where nothing cannot be stored: leave it as it is.
KEEP = object()
MOST_SHOWN = 12

_TAG = re.compile(r"</?[a-z][a-z0-9]*\b[^<>]*>", re.IGNORECASE)
_APART = re.compile(r"[;\n；|]")


def _without_resident_number(value: Any) -> None:
    if isinstance(value, str):
        refuse_resident_number(value)


class Column:
    """A text of one line or more."""

    def __init__(self, name: str, field: Any, by: User | None = None) -> None:
        """`by` fills it: what they may not name is not there for them."""
        self.name, self.field, self.by = name, field, by

    @property
    def label(self) -> str:
        return label_of(self.field)

    @cached_property
    def heads(self) -> set[str]:
        """All that may stand above it: its key, and its name in each language."""
        found = {folded(self.name)}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                found.add(folded(self.label))
        return found

    @property
    def language(self) -> str:
        return getattr(self.field, "language", "")

    @property
    def is_required(self) -> bool:
        return not (self.field.blank or self.field.null or self.field.has_default())

    @cached_property
    def rules(self) -> list[Callable[[Any], None]]:
        """What the form asks of a value before the model is asked; each raises ValidationError."""
        https = {"assume_scheme": "https"} if isinstance(self.field, models.URLField) else {}
        control = self.field.formfield(**https)
        return [*(control.validators if control else ()), _without_resident_number]

    def read(self, cell: Cell, stored: Any = None) -> Any:
        """What the cell says, or KEEP; `stored` is what the record has now. Raises CellError."""
        return cells.text_of(cell)

    def of(self, row: Any) -> Any:
        value = getattr(row, self.field.attname)
        return cells.normal(str(value)) if value else ""

    def put(self, row: Any, value: Any) -> None:
        setattr(row, self.field.attname, None if value == "" and self.field.null else value)

    def put_links(self, row: Any, value: Any) -> None:
        """What can be written only once the row is there."""

    def words(self, value: Any) -> str:
        return in_words(self.field, value)

    def allowed(self) -> list[str]:
        """What may stand in a cell, where that is a list."""
        return []

    def note(self) -> str:
        if self.field.max_length:
            return _("Text, at most %(n)s letters.") % {"n": self.field.max_length}
        return _("Text.")


class RichColumn(Column):
    """HTML as the editor writes it, or plain text, which becomes paragraphs."""

    def read(self, cell: Cell, stored: Any = None) -> str:
        text = cells.text_of(cell)
        if not text or _TAG.search(text):
            return clean_html(text)
        if stored and folded(in_lines(stored)) == folded(text):
            return stored
        return "".join(
            f"<p>{escape(line.strip(), quote=False)}</p>"
            for line in text.split("\n")
            if line.strip()
        )

    def of(self, row: Any) -> str:
        return clean_html(cells.normal(getattr(row, self.field.attname) or ""))

    def note(self) -> str:
        return _(
            "Text; each line becomes a paragraph. HTML is taken over as far as the editor knows it."
        )


class ChoiceColumn(Column):
    @cached_property
    def _values(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                found |= {folded(str(label)): value for value, label in self.field.flatchoices}
        return found | {folded(str(value)): value for value, _label in self.field.flatchoices}

    def read(self, cell: Cell, stored: Any = None) -> Any:
        text = cells.text_of(cell)
        if not text:
            return self._empty()
        if (wanted := folded(text)) in self._values:
            return self._values[wanted]
        known = ", ".join(self.allowed()[:MOST_SHOWN])
        known += " …" if len(self.allowed()) > MOST_SHOWN else ""
        raise CellError(
            _("“%(value)s” is not one of the choices: %(choices)s.")
            % {"value": text[:60], "choices": known}
        )

    def _empty(self) -> Any:
        if self.field.blank:
            return "" if self.field.empty_strings_allowed else None
        if self.field.has_default():
            return KEEP
        raise CellError(_("Choose one of: %(choices)s.") % {"choices": ", ".join(self.allowed())})

    def of(self, row: Any) -> Any:
        value = getattr(row, self.field.attname)
        return "" if value is None and self.field.empty_strings_allowed else value

    def allowed(self) -> list[str]:
        return [str(label) for value, label in self.field.flatchoices if value not in ("", None)]

    def note(self) -> str:
        return _("One of the allowed values, see the sheet of them.")


class YesColumn(Column):
    def read(self, cell: Cell, stored: Any = None) -> Any:
        value = cells.yes_of(cell)
        return KEEP if value is None and not self.field.null else value

    def of(self, row: Any) -> Any:
        return getattr(row, self.field.attname)

    def allowed(self) -> list[str]:
        return [_("Yes"), _("No")]

    def note(self) -> str:
        return _("Yes or No.")


class _PlainColumn(Column):
    """A number or a day: an empty cell takes it away, where nothing can be stored."""

    def read(self, cell: Cell, stored: Any = None) -> Any:
        value = self.parsed(cell)
        if value is None and not self.field.null:
            if self.field.has_default():
                return KEEP
            raise CellError(_("This cell must not be empty."))
        return value

    def parsed(self, cell: Cell) -> Any:
        raise NotImplementedError

    def of(self, row: Any) -> Any:
        return getattr(row, self.field.attname)


class WholeColumn(_PlainColumn):
    def parsed(self, cell: Cell) -> int | None:
        return cells.whole_of(cell)

    def note(self) -> str:
        return _("A whole number.")


class NumberColumn(_PlainColumn):
    def parsed(self, cell: Cell) -> Any:
        number = cells.number_of(cell)
        return None if number is None else float(number)

    def of(self, row: Any) -> Any:
        value = getattr(row, self.field.attname)
        return None if value is None else float(value)

    def put(self, row: Any, value: Any) -> None:
        is_exact = isinstance(self.field, models.DecimalField)
        exact = Decimal(str(value)) if is_exact and value is not None else value
        setattr(row, self.field.attname, exact)

    def note(self) -> str:
        return _("A number.")


class DayColumn(_PlainColumn):
    def parsed(self, cell: Cell) -> str | None:
        day = cells.day_of(cell)
        return day.isoformat() if day else None

    def of(self, row: Any) -> str | None:
        day = getattr(row, self.field.attname)
        return day.isoformat() if day else None

    def put(self, row: Any, value: Any) -> None:
        setattr(row, self.field.attname, date.fromisoformat(value) if value else None)

    def words(self, value: Any) -> str:
        return in_words(self.field, date.fromisoformat(value) if value else None)

    def note(self) -> str:
        return _("A day, written so: 2026-03-05.")


class MomentColumn(_PlainColumn):
    """Spreadsheets show minutes: a stored moment is compared by them."""

    def read(self, cell: Cell, stored: Any = None) -> Any:
        value = super().read(cell, stored)
        same = (
            stored and value and value is not KEEP and self._minute(value) == self._minute(stored)
        )
        return stored if same and value.endswith(":00+09:00") else value

    def _minute(self, value: str) -> str:
        return value[:16]

    def parsed(self, cell: Cell) -> str | None:
        moment = cells.moment_of(cell)
        return moment.isoformat() if moment else None

    def of(self, row: Any) -> str | None:
        moment = getattr(row, self.field.attname)
        return timezone.localtime(moment).replace(microsecond=0).isoformat() if moment else None

    def put(self, row: Any, value: Any) -> None:
        setattr(row, self.field.attname, datetime.fromisoformat(value) if value else None)

    def words(self, value: Any) -> str:
        return in_words(self.field, datetime.fromisoformat(value) if value else None)

    def note(self) -> str:
        return _("A day with its time in Korea, written so: 2026-03-05 14:30.")


class LinkColumn(Column):
    """One other record, by its code, its address or its name."""

    @cached_property
    def names(self) -> Names:
        return Names(self.field.related_model, self.by)

    def read(self, cell: Cell, stored: Any = None) -> Any:
        text = cells.text_of(cell)
        if text:
            return self.names.find(text, [stored] if stored else [])
        if self.field.null:
            return None
        raise CellError(_("This cell must not be empty."))

    def of(self, row: Any) -> Any:
        return getattr(row, self.field.attname)

    def words(self, value: Any) -> str:
        return self.names.words(value) if value else _("(empty)")

    def allowed(self) -> list[str]:
        return [key for key, _name in self.names.all()]

    def note(self) -> str:
        return _("The code, the address or the name of a record that is there: %(kind)s.") % {
            "kind": self.field.related_model._meta.verbose_name
        }


class LinksColumn(LinkColumn):
    """Several other records; the cell names all of them."""

    @property
    def is_required(self) -> bool:
        return False

    def read(self, cell: Cell, stored: Any = None) -> list[int]:
        text = cells.text_of(cell)
        parts = [part.strip() for part in _APART.split(text) if part.strip()]
        if len(parts) == 1 and "," in text:
            parts = self._by_commas(text, stored or [])
        return sorted({self.names.find(part, stored or []) for part in parts})

    def _by_commas(self, text: str, stored: list[int]) -> list[str]:
        """Commas part names too, except where one name has them."""
        try:
            self.names.find(text, stored)
        except CellError:
            return [part.strip() for part in text.split(",") if part.strip()]
        return [text]

    def of(self, row: Any) -> list[int]:
        return sorted(other.pk for other in getattr(row, self.name).all())

    def put(self, row: Any, value: Any) -> None:
        """Only once the row is there."""

    def put_links(self, row: Any, value: Any) -> None:
        through = self.field.remote_field.through
        if through._meta.auto_created:
            getattr(row, self.name).set(value)
            return
        # Each link has a history of its own, which is written row by row.
        own, other = self.field.m2m_field_name(), self.field.m2m_reverse_field_name()
        links = through._base_manager.filter(**{own: row})
        for link in links.exclude(**{f"{other}__in": value}).order_by("pk"):
            link._history_user = row._history_user
            link.delete()
        known = set(links.values_list(f"{other}_id", flat=True))
        for pk in sorted(set(value) - known):
            link = through(**{own: row, f"{other}_id": pk})
            link._history_user = row._history_user
            link.save()

    def words(self, value: Any) -> str:
        return ", ".join(self.names.words(pk) for pk in value) or _("(empty)")

    def note(self) -> str:
        return _("Codes, addresses or names, with “;” between them: %(kind)s.") % {
            "kind": self.field.related_model._meta.verbose_name_plural
        }


class IdColumn(Column):
    """The number of the record: it says which one is meant, and is never written."""

    @property
    def label(self) -> str:
        return _("Number of the record")

    def read(self, cell: Cell, stored: Any = None) -> Any:
        return cells.whole_of(cell)

    def of(self, row: Any) -> Any:
        return row.pk

    def put(self, row: Any, value: Any) -> None:
        """It numbers itself."""

    def words(self, value: Any) -> str:
        return str(value or "")

    def note(self) -> str:
        return _("As the export writes it. Leave it empty for a new record.")


_PLAIN: tuple[tuple[type, type[Column]], ...] = (
    (RichTextField, RichColumn),
    (models.ManyToManyField, LinksColumn),
    (models.ForeignKey, LinkColumn),
    (models.BooleanField, YesColumn),
    (models.DateTimeField, MomentColumn),
    (models.DateField, DayColumn),
    (models.FloatField, NumberColumn),
    (models.DecimalField, NumberColumn),
    (models.IntegerField, WholeColumn),
)


def column_of(importable: Importable, name: str, by: User | None = None) -> Column:
    field = importable.model._meta.get_field(name)
    if name == "id":
        return IdColumn(name, field, by)
    if getattr(field, "choices", None):
        return ChoiceColumn(name, field, by)
    original = getattr(field, "translated_field", field)
    kinds = (column for kind, column in _PLAIN if isinstance(original, kind))
    return next(kinds, Column)(name, field, by)


def columns_of(
    importable: Importable, names: Iterable[str] | None = None, by: User | None = None
) -> list[Column]:
    """All columns, or those of these names in the order of the template."""
    wanted = None if names is None else set(names)
    return [
        column_of(importable, name, by)
        for name in importable.names()
        if wanted is None or name in wanted
    ]


def label_of_column(importable: Importable, name: str) -> str:
    """For a reader; what the column was called when it is gone."""
    if name in importable.names():
        return column_of(importable, name).label
    return str(capfirst(name))
