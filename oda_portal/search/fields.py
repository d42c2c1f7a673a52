"""The column of tokens: a `tsvector` with an index in PostgreSQL, text in SQLite.

PostgreSQL is given the vector in its text form and never parses a text itself, so that both find
the same. SQLite looks for a phrase in the text, one entry after another: it serves small sites.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from oda_portal.publishing.indexes import LargeIndex

from .questions import Word
from .tokens import BREAK, quoted


@dataclass(frozen=True)
class Tokens:
    """The tokens of an entry in their places, and its labels, which have none."""

    words: tuple[str, ...]
    labels: frozenset[str] = frozenset()

    def as_tsvector(self) -> str:
        places: dict[str, list[int]] = defaultdict(list)
        for place, token in enumerate(self.words, start=1):
            if token != BREAK:
                places[token].append(place)
        lexemes = [f"{quoted(token)}:{','.join(map(str, at))}" for token, at in places.items()]
        return " ".join([*lexemes, *map(quoted, sorted(self.labels))])

    def as_text(self) -> str:
        return f" {' '.join([*self.words, BREAK, *sorted(self.labels)])} "


class TokensField(models.Field):
    """Written as `Tokens` and asked with `__matching`; it is never read."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        if not isinstance(value, Tokens):
            return value
        return value.as_tsvector() if connection.vendor == "postgresql" else value.as_text()

    def get_placeholder(self, value: Any, compiler: Any, connection: BaseDatabaseWrapper) -> str:
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"


@TokensField.register_lookup
class Matching(models.Lookup):
    """The entries in which every word is found; the right side is the words."""

    lookup_name = "matching"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return "%s", [value]

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        column, params = self.process_lhs(compiler, connection)
        asked = " & ".join(word.as_tsquery() for word in _words(self.rhs))
        return f"{column} @@ %s::tsquery", [*params, asked]

    def as_sqlite(
        self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        every: list[str] = []
        patterns: list[Any] = []
        for word in _words(self.rhs):
            any_of = [f"{column} LIKE %s ESCAPE '\\'" for _phrase in word.phrases]
            every.append(f"({' OR '.join(any_of)})")
            for phrase in word.phrases:
                escaped = connection.ops.prep_for_like_query(phrase.as_text())
                patterns += [*params, f"%{escaped}%"]
        return f"({' AND '.join(every)})", patterns


def _words(asked: Any) -> Iterable[Word]:
    return asked


class TokensIndex(LargeIndex):
    """A GIN index, which only PostgreSQL has."""

    suffix = "gin"

    def create_sql(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        using: str = "",
        **kwargs: Any,
    ) -> Any:
        return super().create_sql(model, schema_editor, using=" USING gin", **kwargs)
