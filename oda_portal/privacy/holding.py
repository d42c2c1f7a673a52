"""What may not be destroyed for now: asked by whatever destroys, and told to the person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models
from django.utils import timezone

from . import registry
from .models import Hold
from .registry import PersonalData, Words

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

ACCOUNT = "accounts.user"
Rows = Mapping[type[models.Model], list[Any]]


_set_aside: ContextVar[bool] = ContextVar("holds_set_aside", default=False)


class HeldError(Exception):
    """Nothing was destroyed: something of it is on hold."""

    def __init__(self, holds: list[Hold]) -> None:
        super().__init__(*map(str, holds))
        self.holds = holds


class Held(NamedTuple):
    """Something of a person that is on hold."""

    label: Words
    hold: Hold
    # Closing the account would destroy it.
    keeps_account: bool


@contextmanager
def set_aside() -> Iterator[None]:
    """Within it no hold keeps anything: for what was destroyed before, and came back."""
    token = _set_aside.set(True)
    try:
        yield
    finally:
        _set_aside.reset(token)


def refuse(gone: Rows, *, along: Iterable[models.Model] = ()) -> None:
    """Raise HeldError when any of these rows, or of what goes along with them, is on hold."""
    if not (standing := list(_standing())):
        return  # then nobody need read what goes along
    rows = _with(gone, along)
    if found := [hold for hold in standing if _keeps(hold, rows)]:
        raise HeldError(found)


def is_held(entry: PersonalData, row: models.Model) -> bool:
    """The row by itself; what hangs on it is asked when it is destroyed."""
    if not (standing := list(_standing())):
        return False
    rows = _with({type(row): [row]}, entry.along(row))
    return any(_keeps(hold, rows) for hold in standing)


def standing_on(key: str) -> bool:
    """Whether a whole kind of data is on hold."""
    return _standing().filter(key=key).exists()


def is_kind_held(model: type[models.Model]) -> bool:
    keys = [entry.key for entry in registry.entries_of(model)]
    return _standing().filter(key__in=keys).exists()


def numbers_of(model: type[models.Model]) -> list[int]:
    """Rows of this model that are on hold one by one, or as those of a person on hold."""
    found: list[int] = []
    entry = _with_rows_of_people(model)
    for hold in _standing().exclude(content_type=None):
        if _model_of(hold) is model and hold.object_id:
            found.append(hold.object_id)
        elif (user := _person(hold)) is not None and entry is not None and entry.of:
            found += entry.of(user).values_list("pk", flat=True)
    return found


def held_of(user: User) -> list[Held]:
    """What of this person is on hold now; the person may know."""
    return [found for hold in _standing() if (found := _of_person(hold, user))]


# --- one hold -----------------------------------------------------------------------------------


def _with(rows: Rows, along: Iterable[models.Model]) -> Rows:
    whole = {model: list(found) for model, found in rows.items()}
    for row in along:
        whole.setdefault(type(row), []).append(row)
    return whole


def _standing() -> models.QuerySet[Hold]:
    if _set_aside.get():
        return Hold.objects.none()
    return Hold.objects.standing().select_related("content_type").order_by("until", "pk")


def _keeps(hold: Hold, rows: Rows) -> bool:
    if hold.key:
        return any(_rules_over(hold.key, model, found) for model, found in rows.items())
    model = _model_of(hold)
    if model is not None and hold.object_id in [row.pk for row in rows.get(model, [])]:
        return True
    user = _person(hold)
    return user is not None and any(_are_of(user, model, found) for model, found in rows.items())


def _rules_over(key: str, model: type[models.Model], rows: list[Any]) -> bool:
    """Whether one of these rows is of the kind; a model of several kinds says by its dates."""
    entries = registry.entries_of(model)
    entry = next((entry for entry in entries if entry.key == key), None)
    if entry is None:
        return False
    if len(entries) == 1:
        return bool(rows)
    return entry.due(_one_day()).filter(pk__in=[row.pk for row in rows]).exists()


def _are_of(user: User, model: type[models.Model], rows: list[Any]) -> bool:
    entry = _with_rows_of_people(model)
    if entry is None or entry.of is None:
        return False
    return entry.of(user).filter(pk__in=[row.pk for row in rows]).exists()


def _of_person(hold: Hold, user: User) -> Held | None:
    if hold.key:
        return _of_kind(hold, user)
    model = _model_of(hold)
    entry = _with_rows_of_people(model)
    if entry is None or entry.of is None:
        return None
    if not entry.of(user).filter(pk=hold.object_id).exists():
        return None
    kinds = registry.entries_of(entry.model)
    named = [kind for kind in kinds if kind.due(_one_day()).filter(pk=hold.object_id).exists()]
    return Held((named or kinds)[0].label, hold, any(_goes(kind) for kind in kinds))


def _of_kind(hold: Hold, user: User) -> Held | None:
    entry = registry.entry_of(hold.key)
    whole = _with_rows_of_people(entry.model) if entry else None
    if entry is None or whole is None or whole.of is None:
        return None
    if not _rules_over(hold.key, entry.model, list(whole.of(user))):
        return None
    goes = any(_goes(other) for other in registry.entries_of(entry.model))
    return Held(entry.label, hold, goes)


def _goes(entry: PersonalData) -> bool:
    return entry.key == ACCOUNT or entry.goes_with_account


def _with_rows_of_people(model: type[models.Model] | None) -> PersonalData | None:
    entries = registry.entries_of(model) if model else []
    return next((entry for entry in entries if entry.of is not None), None)


def _model_of(hold: Hold) -> type[models.Model] | None:
    return hold.content_type.model_class() if hold.content_type else None


def _person(hold: Hold) -> Any:
    """The account that is on hold with everything of its person."""
    account = registry.entry_of(ACCOUNT)
    is_person = account is not None and _model_of(hold) is account.model
    return hold.subject if is_person else None


def _one_day() -> datetime:
    """When every row that a rule speaks of is due."""
    return timezone.now() + timedelta(days=36500)
