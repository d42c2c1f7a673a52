"""Facts read from YAML files, so that every error names its file, its record and its field."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import models

from oda_portal.publishing.models import Precision, Source

# A language in the files, and the end of the names of its columns.
LANGUAGES = {"ko": "ko", "en": "en", "zh": "zh_hans"}


class FactError(Exception):
    """What is wrong, and where: file, record, field."""

    def __init__(self, message: str, *, file: str, record: str = "", field: str = "") -> None:
        place = ", ".join(part for part in (file, record, field) if part)
        super().__init__(f"{place}: {message}")


class _Loader(yaml.CSafeLoader):
    """Leaves dates as they are written: 2019, 2019-07 and 2019-07-05 say how much is known."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
        for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True)
class Day:
    """A date as far as it is known: its first and its last possible day."""

    first: date
    last: date
    precision: Precision


def parse_day(text: str) -> Day:
    """`2019-07-05`, `2019-07` or `2019`; ValueError for anything else."""
    if not all(part.isdigit() for part in text.split("-")):
        raise ValueError(text)
    year, *rest = (int(part) for part in text.split("-"))
    if not rest:
        return Day(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)
    if len(rest) == 1:
        last = monthrange(year, rest[0])[1]
        return Day(date(year, rest[0], 1), date(year, rest[0], last), Precision.MONTH)
    only = date(year, *rest)
    return Day(only, only, Precision.DAY)


@dataclass(frozen=True)
class Reference:
    """A record of a model by the key it has in the files, and where it was named."""

    model: type[models.Model]
    key: str
    record: Record
    field: str

    def unknown(self) -> FactError:
        names = str(self.model._meta.verbose_name_plural)
        return self.record.error(self.field, f"“{self.key}” is not among the {names}")


@dataclass(frozen=True)
class Record:
    """One record of a file, or a part of one."""

    file: str
    name: str
    values: Mapping[str, Any]
    inside: str = ""

    def error(self, field: str, message: str) -> FactError:
        return FactError(message, file=self.file, record=self.name, field=self.inside + field)

    def has(self, field: str) -> bool:
        return self.values.get(field) not in (None, "", [], {})

    def need(self, field: str) -> Any:
        if not self.has(field):
            raise self.error(field, "is missing")
        return self.values[field]

    def word(self, field: str) -> str:
        """A short text in no language: a key, an address, a code. Empty when absent."""
        value = self.values.get(field)
        if isinstance(value, dict | list):
            raise self.error(field, "should be one word or line")
        return "" if value is None else str(value)

    def words(self, field: str) -> list[str]:
        found = self.values.get(field) or []
        if not isinstance(found, list):
            raise self.error(field, "should be a list")
        return [str(value) for value in found]

    def number(self, field: str) -> int | None:
        value = self.values.get(field)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(field, f"“{value}” is not a whole number")
        return value

    def place(self, field: str) -> float | None:
        value = self.values.get(field)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise self.error(field, f"“{value}” is not a number of degrees")
        return None if value is None else float(value)

    def flag(self, field: str, default: bool = False) -> bool:
        value = self.values.get(field, default)
        if not isinstance(value, bool):
            raise self.error(field, f"“{value}” is neither true nor false")
        return value

    def day(self, field: str) -> Day | None:
        if not self.has(field):
            return None
        try:
            return parse_day(str(self.values[field]))
        except (ValueError, TypeError):
            raise self.error(
                field, f"“{self.values[field]}” is not a date (2019-07-05, 2019-07 or 2019)"
            ) from None

    def text(self, field: str, column: str = "", *, required: bool = True) -> dict[str, str]:
        """The language columns of a text; `column` is the model's name for the field.

        All three languages or none: a text that lacks one is an error.
        """
        column, found = column or field, self.values.get(field)
        if not found or (isinstance(found, dict) and not any(found.values())):
            if required:
                raise self.error(field, "is missing")
            found = dict.fromkeys(LANGUAGES, "")
        elif not isinstance(found, dict):
            raise self.error(field, "should have a text in each of ko, en, zh")
        else:
            for language in LANGUAGES:
                if not str(found.get(language) or "").strip():
                    raise self.error(f"{field}.{language}", "is missing")
        return {f"{column}_{end}": str(found[code]) for code, end in LANGUAGES.items()}

    def choose(self, field: str, table: Mapping[str, Any], table_name: str) -> Any:
        """What a table has for the field's value; an error when it has nothing."""
        value = str(self.need(field))
        if value not in table:
            raise self.error(field, f"“{value}” is not in {table_name}")
        return table[value]

    def part(self, field: str) -> Record:
        value = self.need(field)
        if not isinstance(value, dict):
            raise self.error(field, "should be a record")
        return Record(self.file, self.name, value, f"{self.inside}{field}.")

    def parts(self, field: str) -> Iterator[Record]:
        found = self.values.get(field) or []
        if not isinstance(found, list):
            raise self.error(field, "should be a list")
        for index, value in enumerate(found):
            if not isinstance(value, dict):
                raise self.error(f"{field}[{index}]", "should be a record")
            yield Record(self.file, self.name, value, f"{self.inside}{field}[{index}].")

    def sources(self) -> list[Reference]:
        return self.refers("sources", Source)

    def refer(self, field: str, model: type[models.Model]) -> Reference | None:
        return Reference(model, self.word(field), self, field) if self.has(field) else None

    def refers(self, field: str, model: type[models.Model]) -> list[Reference]:
        return [
            Reference(model, word, self, f"{field}[{index}]")
            for index, word in enumerate(self.words(field))
        ]


def read(path: Path) -> Record:
    """A whole file as one record. Its lists are read with `records`."""
    try:
        values = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - it is a safe one
    except FileNotFoundError:
        raise FactError("there is no such file", file=path.name) from None
    except UnicodeDecodeError:
        raise FactError("is not UTF-8", file=path.name) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}" if mark else ""
        raise FactError(f"is not YAML: {error.problem}", file=path.name, record=line) from error
    if not isinstance(values, dict):
        raise FactError("should begin with names and a colon", file=path.name)
    return Record(path.name, "", values)


def records(file: Record, field: str, key: str = "id") -> Iterator[Record]:
    """The records of one list of a file, each under the name by which errors call it."""
    for part in file.parts(field):
        name = part.word(key)
        if not name:
            raise part.error(key, "is missing")
        yield Record(file.file, name, part.values)
