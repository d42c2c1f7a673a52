"""Which personal data there are: how they are given out, when they are due, how they go.

Each app registers its own in `AppConfig.ready()`, through a module `privacy.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeAlias

from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.functional import Promise

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

Words: TypeAlias = "str | Promise"


class Addressee(NamedTuple):
    """Whom to tell that a row will be destroyed."""

    email: str
    language: str
    name: str = ""
    user: User | None = None

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(user.email, user.preferred_language, user.name, user)


def _nothing(user: User) -> list[dict[str, Any]]:
    return []


def _no_files(user: User) -> Iterable[tuple[str, FieldFile]]:
    return ()


def _leave(user: User) -> None:
    return None


def _no_obstacle(user: User) -> str:
    return ""


def _never(row: Any) -> bool:
    return False


def _no_other_locks(row: Any) -> None:
    return None


def _alone(row: Any) -> Iterable[models.Model]:
    return ()


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """One kind of personal data with one period. A model may have several, by their purposes.

    `due(before)`: the rows whose use was over before that moment.
    `destroy(row, rule=…)`: called in a transaction with the row locked; removes what belongs to
    the row beyond what `destruction.destroy` does for every row, and the row itself.
    `lock(row)`: called before the row is locked, and takes the locks that `destroy` will want and
    that everybody else takes before the row's own.
    `of(user)`: the rows that are this person's. `along(row)`: what `destroy` takes along of others
    than the database does by itself. Both say what a hold keeps.
    `person`: the column that tells one person from another, for counting them.
    `born`: the column that says when a row was made, so that a number that was given out again
    after a restore is not taken for a destroyed one.
    """

    key: str
    label: Words
    model: type[models.Model]
    born: str
    # What is said in the retention table until staff change it.
    purpose: Words
    days: int
    notice_days: int = 0
    due: Callable[[datetime], models.QuerySet[Any]]
    destroy: Callable[..., None]
    lock: Callable[[Any], None] = _no_other_locks
    of: Callable[[User], models.QuerySet[Any]] | None = None
    along: Callable[[Any], Iterable[models.Model]] = _alone
    person: str = ""
    # Rows that are due and must stay for the time being, whatever the reason.
    needed: Callable[[Any], bool] = _never
    # None where nobody is told.
    addressee: Callable[[Any], Addressee | None] | None = None
    # Rows of nobody knows whom: no officer can tell them in another way, and they go on their day.
    anonymous: Callable[[Any], bool] = _never
    # What a person gets of this kind: values that JSON can hold, and files with their names;
    # under this name, where the key speaks of how long it is kept and not of what it is.
    given_as: str = ""
    export: Callable[[User], list[dict[str, Any]]] = _nothing
    files: Callable[[User], Iterable[tuple[str, FieldFile]]] = _no_files
    # Closing an account: remove what is theirs, and why that cannot be done now (a sentence).
    close: Callable[[User], None] = _leave
    obstacle: Callable[[User], str] = _no_obstacle
    # The lower the sooner, when an account is closed or given out; the account itself is last.
    position: int = 50

    @property
    def name_given(self) -> str:
        return self.given_as or self.key

    @property
    def is_given(self) -> bool:
        """Whether a person gets anything of it; its model may be given by another entry."""
        return self.export is not _nothing

    @property
    def goes_with_account(self) -> bool:
        """Whether closing the account removes rows of this kind."""
        return self.close is not _leave


Rows: TypeAlias = "dict[type[models.Model], list[int]]"

_entries: dict[str, PersonalData] = {}
_traces: list[Callable[[Rows], None]] = []
_exceptions: dict[str, str] = {}


def register(entry: PersonalData) -> None:
    """Make a kind of personal data known; raises ValueError when its key is taken."""
    if entry.key in _entries:
        raise ValueError(f"personal data {entry.key} are registered twice")
    _entries[entry.key] = entry


def except_from_rules(model: str, reason: str) -> None:
    """This model (`app.model`) has a column of a person's and needs no entry of its own."""
    _exceptions[model] = reason


def wipe_too(act: Callable[[Rows], None]) -> None:
    """Call this with the numbers of destroyed rows by model, in their transaction.

    For what was made of them: files of lists, for example.
    """
    _traces.append(act)


def traces() -> list[Callable[[Rows], None]]:
    return list(_traces)


def entry_of(key: str) -> PersonalData | None:
    """None for a key that no app registers any more."""
    return _entries.get(key)


def label_of(key: str) -> str:
    """What people call this kind of data; the key where no app registers it any more."""
    entry = entry_of(key)
    return str(entry.label) if entry else key


def entries_of(model: type[models.Model]) -> list[PersonalData]:
    return [entry for entry in registered() if entry.model is model]


def registered() -> list[PersonalData]:
    return sorted(_entries.values(), key=lambda entry: (entry.position, entry.key))


def exceptions() -> dict[str, str]:
    return dict(_exceptions)
