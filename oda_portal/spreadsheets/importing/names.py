"""Finding the record that a cell names: by code, by address, or by its name in any language."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from oda_portal.accounts.areas import areas_of, is_led, within
from oda_portal.publishing.histories import translated_fields
from oda_portal.publishing.models import language_column

from .cells import CellError, folded

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# Fields that say what a record is, best first, and fields that name it for people.
KEYS = ("code", "slug", "key", "alpha3")
TITLES = ("name", "title", "question", "what", "abbreviation")
# To look for what is nearly the same takes time; a file that is wrong all over is wrong all over.
MOST_GUESSES = 200


class Named(NamedTuple):
    """A record by its number: `key` as an export writes it, and all that it is also called."""

    pk: int
    key: str
    names: tuple[str, ...]


Find = Callable[[], Iterable[Named]]

_finders: dict[type[models.Model], Find] = {}


def register_names(model: type[models.Model], find: Find) -> None:
    """How records of this model are named that have neither a code nor a name of their own."""
    _finders[model] = find


def named(model: type[models.Model]) -> Iterable[Named]:
    find = _finders.get(model)
    return find() if find else _by_fields(model)


def _by_fields(model: type[models.Model]) -> Iterator[Named]:
    present = {field.name for field in model._meta.concrete_fields}
    translated = set(translated_fields(model))
    keys = [name for name in KEYS if name in present]
    titles = [
        column
        for name in TITLES
        if name in present
        for column in (
            [language_column(name, code) for code in settings.MODELTRANSLATION_LANGUAGES]
            if name in translated
            else [name]
        )
    ]
    rows = model._base_manager.order_by("pk").values_list("pk", *keys, *titles)
    for pk, *texts in rows.iterator(chunk_size=2000):
        found = [text or "" for text in texts]
        key = found[0] if keys else next(filter(None, found), "")
        # Names for people first: the first of them is shown.
        names = [*found[len(keys) :], *found[: len(keys)]]
        yield Named(pk, key, tuple(text for text in names if text))


class Names:
    """All records of a model by what they are called; asked of the database once."""

    def __init__(self, model: type[models.Model], by: User | None = None) -> None:
        self.model, self.by = model, by
        self._loaded = False
        self._by_key: dict[str, int] = {}
        self._by_name: dict[str, set[int]] = defaultdict(set)
        self._keys: dict[int, str] = {}
        self._titles: dict[int, str] = {}
        # Of kinds of programme that are not theirs: known by name only where they stand already.
        self._others: dict[int, set[str]] = {}
        self._guesses: dict[str, str] = {}

    def load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        theirs = self._theirs()
        for row in named(self.model):
            self._keys[row.pk] = row.key
            self._titles[row.pk] = next((name for name in row.names if name != row.key), row.key)
            if theirs is not None and row.pk not in theirs:
                said = (row.key, *row.names, self.words(row.pk))
                self._others[row.pk] = {folded(name) for name in said}
                continue
            self._by_key[folded(row.key)] = row.pk
            for name in row.names:
                self._by_name[folded(name)].add(row.pk)

    def _theirs(self) -> set[int] | None:
        """The records that may be named newly; None for all of them."""
        if self.by is None or areas_of(self.by) is None or not is_led(self.model):
            return None
        rows = self.model._base_manager.filter(within(self.by, self.model))
        return set(rows.values_list("pk", flat=True))

    def key_of(self, pk: int) -> str:
        self.load()
        return self._keys.get(pk, f"#{pk}")

    def words(self, pk: int) -> str:
        """Its name and its key, for a reader."""
        key = self.key_of(pk)
        title = self._titles.get(pk, key)
        return title if title == key else f"{title} ({key})"

    def all(self) -> list[tuple[str, str]]:
        """Key and name of each that may be named."""
        self.load()
        shown = ((pk, key) for pk, key in self._keys.items() if pk not in self._others)
        return [(key, self._titles[pk]) for pk, key in shown]

    def find(self, text: str, stored: Iterable[int] = ()) -> int:
        """Raises CellError, with what may have been meant. What is `stored` may stay."""
        self.load()
        wanted = folded(text)
        for pk in stored:
            if wanted in self._others.get(pk, ()):
                return pk
        if wanted in self._by_key:
            return self._by_key[wanted]
        found = self._by_name.get(wanted) or self._in_brackets(text)
        if not found:
            raise CellError(self._unknown(text))
        if len(found) > 1:
            keys = ", ".join(sorted(self._keys[pk] for pk in found)[:6])
            raise CellError(
                _("Several are called “%(name)s”. Write which one: %(keys)s.")
                % {"name": text[:80], "keys": keys}
            )
        return next(iter(found))

    def _in_brackets(self, text: str) -> set[int]:
        """A name that is followed by its key: Hanoi (hanoi)."""
        if not text.endswith((")", "）")):
            return set()
        key = text[:-1].replace("（", "(").rpartition("(")[2]
        pk = self._by_key.get(folded(key))
        return {pk} if pk else set()

    def _unknown(self, text: str) -> str:
        values = {
            "value": text[:80],
            "kind": self.model._meta.verbose_name,
            "guess": self._guess(folded(text)),
        }
        if values["guess"]:
            return _("“%(value)s” is not here (%(kind)s). Did you mean “%(guess)s”?") % values
        return _("“%(value)s” is not here (%(kind)s). Add it first, or correct it.") % values

    def _guess(self, wanted: str) -> str:
        if wanted in self._guesses:
            return self._guesses[wanted]
        if len(self._guesses) >= MOST_GUESSES:
            return ""
        near = [
            *difflib.get_close_matches(wanted, self._by_name, n=1, cutoff=0.6),
            *self._holding(wanted),
        ]
        self._guesses[wanted] = self.words(min(self._by_name[near[0]])) if near else ""
        return self._guesses[wanted]

    def _holding(self, wanted: str) -> list[str]:
        """Longer or shorter names of the same: 하노이시 for 하노이."""
        if len(wanted) < 2:
            return []
        return [
            name for name in self._by_name if len(name) > 1 and (wanted in name or name in wanted)
        ]
