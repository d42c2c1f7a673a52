"""Two people on one record: what the second wrote is joined with what the first has saved.

A form says which version it was opened with. Where only the other person changed a field, theirs
is taken into the form; where only this one did, it stays; where both did, the page asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Max, Value
from django.http import QueryDict
from django.utils.translation import gettext as _

from . import histories
from .histories import Change, Entry
from .versions import Below, with_links

CHOICE = "take-"  # before the name of a control: which of the two texts is to be saved
THEIRS = "theirs"
# Of one kind below a record. Each row announced is looked for, built, checked and drawn, filled in
# or not; `admin_base` refuses a form that announces more.
MOST_ROWS = 300


@dataclass(frozen=True)
class Clash:
    """A field that both have changed."""

    name: str  # of the control
    about: str
    change: Change  # from theirs to mine

    @property
    def choice(self) -> str:
        return f"{CHOICE}{self.name}"


@dataclass
class Merged:
    """What somebody else saved meanwhile, and what became of it in this form."""

    entries: list[Entry] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {clash.name for clash in self.clashes}


class Version(NamedTuple):
    """How far the history of a record, and of what stands below it, has come.

    The record’s newest step; of the rows below it the moment of the newest, and how many there are.
    """

    step: int
    moment: int
    rows: int

    def __str__(self) -> str:
        return ".".join(map(str, self))


def version_of(record: models.Model, below: Below) -> Version | None:
    """None where nothing is kept. One question for everything that stands below."""
    if record.pk is None or not hasattr(record, "history"):
        return None
    model = type(record)
    matches = [(model, model._meta.pk.attname), *((other, f"{key}_id") for other, key in below)]
    first, *others = [
        other.history.filter(**{column: record.pk})  # type: ignore[attr-defined]
        .order_by()
        .annotate(_which=Value(which))
        .values("_which")
        .annotate(_last=Max("history_id"), _at=Max("history_date"), _count=Count("history_id"))
        .values_list("_which", "_last", "_at", "_count")
        for which, (other, column) in enumerate(matches)
    ]
    found = {row[0]: row[1:] for row in (first.union(*others, all=True) if others else first)}
    own = found.pop(0, (0, None, 0))
    newest = max((at for _last, at, _count in found.values() if at), default=None)
    moment = histories.in_address(newest) if newest else 0
    return Version(own[0] or 0, moment, sum(count for _last, _at, count in found.values()))


def read_version(text: str) -> Version | None:
    """Of a form that was sent; None for anything else."""
    parts = text[:80].split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    version = Version(*map(int, parts))
    return version if version.step < 2**62 and version.moment < 2**52 else None


@dataclass
class Merging:
    """One form that was sent: `data` is changed so that it holds what both have done."""

    record: models.Model
    below: Below
    data: QueryDict
    merged: Merged = field(default_factory=Merged)

    def since(self) -> Version | None:
        """The version that the form was opened with, when it is no longer the newest."""
        opened = read_version(str(self.data.get("version", "")))
        return opened if opened != version_of(self.record, self.below) else None

    def tell(self, opened: Version) -> None:
        """Everything that was saved since, newest first."""
        model, at = type(self.record), histories.from_address(opened.moment)
        fresh = [
            step
            for step in histories.steps(self.record, self.below)
            if (step.record > opened.step if step.model is model else step.at > at)
        ]
        self.merged.entries = histories.entries(fresh, self.record)

    def merge_record(self, fields: dict[str, forms.Field], opened: Version) -> None:
        base = _kept(type(self.record), self.record.pk, opened.step)
        rows = with_links(
            type(self.record), type(self.record)._base_manager.filter(pk=self.record.pk)
        )
        if base is not None and rows:
            self._merge_row(fields, "", "", base, rows[0])

    def merge_rows(
        self, model: type[models.Model], key: str, fields: dict[str, forms.Field], prefix: str,
        opened: Version, *, may_add: bool,
    ) -> None:  # fmt: skip
        """The rows of one inline. Those that are gone leave the form, or begin anew."""
        there = with_links(model, model._base_manager.filter(**{f"{key}_id": self.record.pk}))
        stored = {str(row.pk): row for row in there}
        fields = {name: control for name, control in fields.items() if name != key}
        base = _kept_rows(model, key, self.record.pk, histories.from_address(opened.moment))
        gone = []
        for place, pk in self.rows_sent(model, prefix):
            if pk in base and pk in stored:
                about = histories.about(stored[pk], model)
                self._merge_row(fields, f"{prefix}-{place}-", about, base[pk], stored[pk])
            elif pk in base:
                gone.append((place, pk))
        if gone:
            lost = {pk: base[pk] for _place, pk in gone}
            self._without(model, prefix, fields, lost, may_add=may_add)

    def rows_sent(self, model: type[models.Model], prefix: str) -> Iterator[tuple[int, str]]:
        for place in range(_count(self.data, f"{prefix}-INITIAL_FORMS")):
            yield place, self.data.get(f"{prefix}-{place}-{model._meta.pk.name}", "")

    def _merge_row(
        self, fields: dict[str, forms.Field], prefix: str, about: str, base: Any, stored: Any
    ) -> None:
        columns = {column.name: column for column in histories.told_fields(type(stored))}
        for name, control in fields.items():
            column = columns.get(name)
            if column is None or control.disabled or isinstance(column, models.FileField):
                continue
            was, theirs = (
                histories.in_words(column, histories.value_of(row, column))
                for row in (base, stored)
            )
            html = f"{prefix}{name}"
            wants = self.data.get(f"{CHOICE}{html}") == THEIRS
            mine = _mine(column, control, self.data, html)
            if was == theirs or mine == theirs:
                continue
            if mine == was or wants:
                _put(self.data, html, control, _raw(stored, column))
            else:
                change = histories.difference_of(column, theirs, mine)
                self.merged.clashes.append(Clash(html, about, change))

    def take_theirs(self, controls: dict[str, tuple[forms.Field, Any]]) -> None:
        """What was chosen on the page that showed both; by control its field and the stored row."""
        for html, (control, stored) in controls.items():
            name = html.rpartition("-")[2]
            columns = {column.name: column for column in histories.told_fields(type(stored))}
            if self.data.get(f"{CHOICE}{html}") == THEIRS and name in columns:
                _put(self.data, html, control, _raw(stored, columns[name]))

    def stored(self, model: type[models.Model], pk: Any) -> Any | None:
        """The row as it is now; None for a key that is none of the record’s own."""
        keys = {type(self.record): {model._meta.pk.attname: self.record.pk}}
        keys |= {other: {f"{key}_id": self.record.pk} for other, key in self.below}
        if not str(pk).isdecimal():
            return None
        rows = model._base_manager.filter(pk=pk, **keys[model])
        return next(iter(with_links(model, rows)), None)

    def _without(
        self, model: type[models.Model], prefix: str, fields: dict[str, forms.Field],
        gone: dict[str, Any], *, may_add: bool,
    ) -> None:  # fmt: skip
        """The formset written anew: rows that are there first, then those that are to be made."""
        pk_name, rows = model._meta.pk.name, []
        for place in range(_count(self.data, f"{prefix}-TOTAL_FORMS")):
            pk = self.data.get(f"{prefix}-{place}-{pk_name}", "")
            if pk in gone:
                mine = self._changed(fields, f"{prefix}-{place}-", gone[pk])
                is_back = bool(mine) and may_add
                self._note_gone(histories.about(gone[pk], model), mine, is_back=is_back)
                if not is_back:
                    continue
                self.data[f"{prefix}-{place}-{pk_name}"] = pk = ""
            rows.append((place, bool(pk)))
        rows.sort(key=lambda row: not row[1])
        _renumber(self.data, prefix, [place for place, _is_there in rows])
        self.data[f"{prefix}-INITIAL_FORMS"] = str(sum(is_there for _place, is_there in rows))

    def _note_gone(self, name: str, mine: list[str], *, is_back: bool) -> None:
        """What becomes of a row that somebody deleted; what was written in it is never lost."""
        if is_back:
            sentence = _("%(row)s was deleted, but you changed it: saving adds it again.")
        elif mine:
            sentence = _("%(row)s was deleted, and you may not add it again. You wrote: %(text)s")
        else:
            sentence = _("%(row)s was deleted.")
        self.merged.notes.append(sentence % {"row": name, "text": " / ".join(mine)})

    def _changed(self, fields: dict[str, forms.Field], prefix: str, base: Any) -> list[str]:
        """What this person wrote into a row, in words: nothing of what they may not write."""
        columns = {
            column.name: column
            for column in histories.told_fields(type(base).instance_type)
            if not isinstance(column, models.FileField)
        }
        return [
            mine
            for name, control in fields.items()
            if name in columns and not control.disabled
            if (mine := _mine(columns[name], control, self.data, f"{prefix}{name}"))
            != histories.in_words(columns[name], histories.value_of(base, columns[name]))
        ]


def _kept(model: type[models.Model], key: Any, number: int) -> Any | None:
    row = histories.records(model, [number]).get(number)
    return row if row and getattr(row, model._meta.pk.attname) == key else None


def _kept_rows(model: type[models.Model], key: str, pk: Any, at: datetime) -> dict[str, Any]:
    """By key the rows of an inline as they were at that moment."""
    name = model._meta.pk.attname
    kept = model.history.filter(**{f"{key}_id": pk}, history_date__lte=at)  # type: ignore[attr-defined]
    last = dict(kept.order_by(name).values_list(name).annotate(Max("history_id")))
    rows = histories.records(model, list(last.values()))
    return {str(one): rows[n] for one, n in last.items() if rows[n].history_type != "-"}


def _mine(column: Any, control: forms.Field, data: QueryDict, html: str) -> str:
    """What this person’s form says, in words; what cannot be read, as it was typed."""
    raw = control.widget.value_from_datadict(data, {}, html)
    try:
        value = control.clean(raw)
    except ValidationError:
        value = raw if isinstance(raw, str) else ""
        return value or histories.in_words(column, "")
    if column.many_to_many:
        value = sorted(str(row) for row in value)
    return histories.in_words(column, value)


def _raw(stored: Any, column: Any) -> Any:
    if column.many_to_many:
        return stored.link_keys[column.name]
    return getattr(stored, column.attname)


def _put(data: QueryDict, html: str, control: forms.Field, value: Any) -> None:
    """Have the form that was sent say this, as a browser would send it."""
    widget: Any = getattr(control.widget, "widget", control.widget)
    value = control.prepare_value(value)
    if isinstance(widget, forms.MultiWidget):
        parts: Any = widget.decompress(value)
        names: list[str] = widget.widgets_names  # type: ignore[attr-defined]
        for suffix, part, each in zip(names, parts, widget.widgets, strict=True):
            data[f"{html}{suffix}"] = each.format_value(part) or ""
    elif isinstance(value, list):
        data.setlist(html, [str(key) for key in value])
    elif isinstance(widget, forms.CheckboxInput):
        data.pop(html, None)
        if value:
            data[html] = "on"
    else:
        shown = widget.format_value(value)
        data[html] = shown[0] if isinstance(shown, list) and shown else str(shown or "")


def _count(data: QueryDict, name: str) -> int:
    text = str(data.get(name, "0"))
    if not (text.isascii() and text.isdecimal()):
        return 0
    # So long a number is not even read: that alone takes its time.
    return min(int(text), MOST_ROWS) if len(text) < 19 else MOST_ROWS


def _renumber(data: QueryDict, prefix: str, places: list[int]) -> None:
    values = {
        (place, name.removeprefix(f"{prefix}-{place}-")): data.getlist(name)
        for place in places
        for name in list(data)
        if name.startswith(f"{prefix}-{place}-")
    }
    for place in range(_count(data, f"{prefix}-TOTAL_FORMS")):
        for name in [name for name in data if name.startswith(f"{prefix}-{place}-")]:
            del data[name]
    for (place, name), sent in values.items():
        data.setlist(f"{prefix}-{places.index(place)}-{name}", sent)
    data[f"{prefix}-TOTAL_FORMS"] = str(len(places))
