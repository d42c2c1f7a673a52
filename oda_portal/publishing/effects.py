"""What publishing, taking down or deleting would do, shown before it is confirmed.

Apps register what they know: who gets mail, with the letters, and what else follows. `stamp_of`
is the same for two pages that show the same: it travels with the form, and when it is another at
the confirm, nothing is done and the page comes back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import Promise

if TYPE_CHECKING:
    from oda_portal.mail.previews import Shown


class Act(StrEnum):
    PUBLISH = "publish"
    TAKE_DOWN = "take_down"
    DELETE = "delete"


@dataclass(frozen=True)
class Effect:
    """One thing that follows. `count` people get one of `letters`, each in their language."""

    sentence: str
    count: int = 0
    letters: tuple[Shown, ...] = ()


# Of rows of one model that would all become public, or be public no more.
Find = Callable[[Sequence[Any], Act], Iterable[Effect]]

# Of a row as it is, and of a copy whose clock was set anew.
FindOfTimes = Callable[[Any, Any], Iterable[Effect]]

_finders: list[tuple[type[models.Model], Find]] = []
_finders_of_times: list[tuple[type[models.Model], FindOfTimes]] = []


def register(model: type[models.Model], find: Find) -> None:
    """Ask `find` whenever rows of the model are about to be published, taken down or deleted."""
    _finders.append((model, find))


def register_times(model: type[models.Model], find: FindOfTimes) -> None:
    """Ask `find` what follows when a row of the model gets other times."""
    _finders_of_times.append((model, find))


def effects_of_times(before: Any, after: Any) -> list[Effect]:
    model = type(before)
    finders = [find for known, find in _finders_of_times if known is model]
    return [effect for find in finders for effect in find(before, after)]


def shown_in(model: type[models.Model], sentence: str | Promise) -> None:
    """Say where rows of the model stand beside their own pages once they are published."""

    def find(rows: Sequence[Any], act: Act) -> Iterable[Effect]:
        return [Effect(str(sentence))] if act == Act.PUBLISH else []

    register(model, find)


def effects_of(rows: Sequence[Any], act: Act) -> list[Effect]:
    if not rows:
        return []
    model = type(rows[0])
    return [effect for known, find in _finders if known is model for effect in find(rows, act)]


def stamp_of(*said: Any) -> str:
    """Of what a page says: texts, numbers, and effects with the words of their letters."""
    return hashlib.sha256(repr([_plain(part) for part in said]).encode()).hexdigest()[:24]


def _plain(part: Any) -> Any:
    if isinstance(part, Effect):
        letters = [
            (shown.html_lang, shown.letter.subject, shown.letter.text) for shown in part.letters
        ]
        return (str(part.sentence), part.count, letters)
    if isinstance(part, list | tuple):
        return [_plain(each) for each in part]
    return str(part)
