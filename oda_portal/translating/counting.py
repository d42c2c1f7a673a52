"""How many texts are up to date, out of date and missing, and the texts behind a number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Left

from oda_portal.languages import CODES
from oda_portal.publishing.models import language_column, language_columns

from .models import TranslationState
from .registry import Translated, texts_fields
from .states import words

CURRENT, OUTDATED, MISSING = "current", "outdated", "missing"
SHOWN = 120  # letters of a text in a list
_READ = 1500  # letters of it that are fetched: tags are taken off


def _plain(model: type[models.Model]) -> models.QuerySet:
    """All rows, in no order. The translations' own QuerySet adds columns to `values`."""
    return models.QuerySet(model).order_by()


class Kind(NamedTuple):
    """A model, with the rows of it that somebody may see and has asked for.

    `rows` is None where that is all of them.
    """

    about: Translated
    rows: models.QuerySet | None

    def all(self) -> models.QuerySet:
        rows = _plain(self.about.model) if self.rows is None else self.rows
        return rows.order_by()

    def plain(self) -> models.QuerySet:
        """The same rows without what their list is annotated with."""
        rows = _plain(self.about.model)
        return rows if self.rows is None else rows.filter(pk__in=self.all().values("pk"))


@dataclass
class Cell:
    """The texts of one kind in one language."""

    total: int = 0
    outdated: int = 0
    missing: int = 0

    @property
    def current(self) -> int:
        return max(0, self.total - self.outdated - self.missing)

    @property
    def percent(self) -> int:
        """Of the texts that there are, how many are up to date; 100 only when all of them are."""
        return self.current * 100 // self.total if self.total else 100

    def add(self, other: Cell) -> None:
        self.total += other.total
        self.outdated += other.outdated
        self.missing += other.missing


@dataclass
class Line:
    about: Translated
    cells: dict[str, Cell] = field(default_factory=lambda: {code: Cell() for code in CODES})


def _has_text(column: str) -> Q:
    return Q(**{f"{column}__gt": ""})


def _anywhere(name: str) -> Q:
    found = Q()
    for code in CODES:
        found |= _has_text(language_column(name, code))
    return found


def _nowhere(column: str) -> Q:
    return Q(**{column: ""}) | Q(**{f"{column}__isnull": True})


def is_missing(name: str, code: str) -> Q:
    """Rows whose field has a text, but none in this language."""
    return _anywhere(name) & _nowhere(language_column(name, code))


# --- the table -----------------------------------------------------------------------------------


def lines(kinds: Iterable[Kind]) -> list[Line]:
    """One line a kind, in two questions however many kinds and rows there are."""
    kinds = list(kinds)
    found = {kind.about.label: Line(kind.about) for kind in kinds}
    for row in _in_one([_numbers(kind) for kind in kinds]):
        line = found[row["of_kind"]]
        for code in CODES:
            line.cells[code].total = row["all_texts"]
            line.cells[code].missing = row[f"missing_{code.replace('-', '_')}"]
    labels = {kind.about.content_type.pk: kind.about.label for kind in kinds}
    numbers = waiting(kinds).order_by().values("content_type", "language").annotate(n=Count("pk"))
    for row in numbers:
        found[labels[row["content_type"]]].cells[row["language"]].outdated = row["n"]
    return list(found.values())


def _numbers(kind: Kind) -> models.QuerySet:
    """Of all rows of a kind, as one row: how many texts there are, and how many are missing."""
    fields = kind.about.fields
    counts = {"all_texts": _sum(_anywhere(name) for name in fields)}
    for code in CODES:
        counts[f"missing_{code.replace('-', '_')}"] = _sum(
            is_missing(name, code) for name in fields
        )
    label = Value(kind.about.label, output_field=models.CharField())
    return kind.plain().values(of_kind=label).annotate(**counts)


def _sum(conditions: Iterable[Q]) -> Any:
    first, *others = [Count("pk", filter=condition) for condition in conditions]
    total: Any = first
    for other in others:
        total = total + other
    return total


def _in_one(some: list[models.QuerySet]) -> Iterable[Any]:
    if not some:
        return []
    first, *others = some
    return first.union(*others, all=True) if others else first


# --- the texts behind a number -------------------------------------------------------------------


def waiting(kinds: Iterable[Kind], language: str = "") -> models.QuerySet[TranslationState]:
    """What is out of date of these kinds, the latest first."""
    whole, match = [], Q(pk__in=[])
    for kind in kinds:
        if kind.rows is None:
            whole.append(kind.about.content_type)
        else:
            keys = kind.all().values("pk")
            match |= Q(content_type=kind.about.content_type, object_id__in=keys)
    rows = TranslationState.objects.filter(match | Q(content_type__in=whole))
    if language:
        rows = rows.filter(language=language)
    return rows.order_by("-since", "-pk")


class Spot(NamedTuple):
    """One text of one row."""

    about: Translated
    key: int
    field: str
    language: str
    state: TranslationState | None = None


def outdated_spots(kinds: Iterable[Kind], language: str) -> Spots:
    kinds = list(kinds)
    known = {kind.about.content_type.pk: kind.about for kind in kinds}

    def spot(state: TranslationState) -> Spot:
        about = known[state.content_type_id]
        return Spot(about, state.object_id, state.field, state.language, state)

    return Spots(waiting(kinds, language).select_related("by"), spot)


def other_spots(kind: Kind, language: str, state: str) -> Spots:
    """The texts of one kind that are missing, or up to date; by row."""
    codes = [language] if language else list(CODES)
    parts = [
        _texts(kind, name, code, state).values(
            row_key=F("pk"),
            of_field=Value(name, output_field=models.CharField()),
            in_language=Value(code, output_field=models.CharField()),
        )
        for name in kind.about.fields
        for code in codes
    ]
    first, *others = parts
    rows = first.union(*others, all=True) if others else first
    return Spots(
        rows.order_by("row_key", "of_field", "in_language"),
        lambda row: Spot(kind.about, row["row_key"], row["of_field"], row["in_language"]),
    )


def _texts(kind: Kind, name: str, code: str, state: str) -> models.QuerySet:
    rows = kind.plain()
    if state == MISSING:
        return rows.filter(is_missing(name, code))
    late = TranslationState.objects.filter(
        content_type=kind.about.content_type, field=name, language=code
    )
    column = language_column(name, code)
    return rows.filter(_has_text(column)).exclude(pk__in=late.values("object_id"))


class Spots:
    """Texts that a paginator can count and cut; fetched when they are shown."""

    def __init__(self, rows: Any, spot: Callable[[Any], Spot]) -> None:
        self.rows, self.spot = rows, spot

    def count(self) -> int:
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[Spot]:
        return [self.spot(row) for row in self.rows[part]]


# --- what they say -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    spot: Spot
    page_key: int  # of the record in whose form it is written
    source: str
    source_language: str
    target: str


def shown(spots: list[Spot], *, hidden: Callable[[Translated], bool]) -> list[Shown]:
    """The beginning of each text and of its source, in one question; of gone rows nothing.

    `hidden`: kinds whose texts are shown on their own pages alone.
    """
    wanted: dict[tuple[Translated, str], set[int]] = {}
    for spot in spots:
        wanted.setdefault((spot.about, spot.field), set()).add(spot.key)
    rows = _in_one([_beginnings(about, name, keys) for (about, name), keys in wanted.items()])
    texts = {(row["of_kind"], row["of_field"], row["row_key"]): row for row in rows}
    found = []
    for spot in spots:
        if row := texts.get((spot.about.label, spot.field, spot.key)):
            found.append(_shown(spot, row, is_hidden=hidden(spot.about)))
    return found


def _beginnings(about: Translated, name: str, keys: set[int]) -> models.QuerySet:
    texts = {
        f"begins_{code.replace('-', '_')}": _beginning(language_column(name, code))
        for code in CODES
    }
    return (
        _plain(about.model)
        .filter(pk__in=keys)
        .values(
            of_kind=Value(about.label, output_field=models.CharField()),
            of_field=Value(name, output_field=models.CharField()),
            row_key=F("pk"),
            form_key=F(f"{about.key}_id" if about.key else "pk"),
            **texts,
        )
    )


def _shown(spot: Spot, row: Any, *, is_hidden: bool) -> Shown:
    texts = {code: words(row[f"begins_{code.replace('-', '_')}"]) for code in CODES}
    source = next((code for code in CODES if texts[code]), "")
    return Shown(
        spot=spot,
        page_key=row["form_key"],
        source="" if is_hidden else _cut(texts.get(source, "")),
        source_language=source,
        target="" if is_hidden else _cut(texts[spot.language]),
    )


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rstrip()}…"


def record_names(some: Iterable[Shown]) -> dict[tuple[type[models.Model], int], str]:
    """What the records are called in whose forms these texts stand, in one question."""
    wanted: dict[type[models.Model], set[int]] = {}
    for each in some:
        wanted.setdefault(each.spot.about.page, set()).add(each.page_key)
    found: dict[tuple[type[models.Model], int], str] = {}
    models_of = {model._meta.label_lower: model for model in wanted}
    for row in _in_one([_first_texts(model, keys) for model, keys in wanted.items()]):
        texts = [row[f"begins_{number}"] for number in range(len(CODES))]
        name = next((words(text) for text in texts if text), "")
        found[models_of[row["of_kind"]], row["row_key"]] = _cut(name)
    return found


def _first_texts(model: type[models.Model], keys: set[int]) -> models.QuerySet:
    """The first translated text of each, as its reader would have it: mostly name or title."""
    name = texts_fields(model)[0]
    # As readers fall back, and then whatever there is.
    own = language_columns(name)
    every = [language_column(name, code) for code in CODES]
    columns = [*own, *(column for column in every if column not in own)]
    return (
        _plain(model)
        .filter(pk__in=keys)
        .values(
            of_kind=Value(model._meta.label_lower, output_field=models.CharField()),
            row_key=F("pk"),
            **{f"begins_{number}": _beginning(column) for number, column in enumerate(columns)},
        )
    )


def _beginning(column: str) -> Left:
    return Left(F(column), _READ, output_field=models.TextField())
