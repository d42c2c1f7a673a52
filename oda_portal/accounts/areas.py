"""Where somebody of the staff works on programmes: on all of them, or on some kinds alone.

What kinds there are is said by the app of the programmes. Its admin keeps people to theirs
(`programs.admin.areas`); whatever else writes such records for somebody asks `is_theirs`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from oda_portal.audit.models import record_transition

from .models import WorkArea

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .models import User

Choices = list[tuple[str, str]]
# In the trail, beside "roles".
FIELD = "areas"

_offered: list[Callable[[], Choices]] = []
# How a record leads to the kind of its programme, as “program__kind”.
_paths: dict[type[models.Model], str] = {}


def offer(choices: Callable[[], Choices]) -> None:
    """Say what kinds there are; called in `AppConfig.ready()`."""
    _offered.append(choices)


def offered() -> Choices:
    return [choice for choices in _offered for choice in choices()]


def lead(model: type[models.Model], path: str) -> None:
    """Say by which columns records of this model lead to the kind of their programme."""
    _paths[model] = path


def is_led(model: type[models.Model]) -> bool:
    """Whether it is said how records of this model lead to a kind of programme."""
    return model in _paths


def is_theirs(user: User | AnonymousUser, obj: models.Model) -> bool:
    """Whether somebody may work on this record, both as it is stored and as it is now."""
    kinds, path = areas_of(user), _paths.get(type(obj))
    if kinds is None or path is None:
        return True
    stored = type(obj)._base_manager.filter(pk=obj.pk) if obj.pk else None
    if stored is not None and stored.exclude(**{f"{path}__in": kinds}).exists():
        return False
    return _kind_of(obj, path) in kinds


def hangs_on_theirs(user: User | AnonymousUser, row: models.Model) -> bool:
    """Whether a row, as a picture or a document, belongs to nothing but records of theirs."""
    if areas_of(user) is None:
        return True
    links = [part for part in row._meta.concrete_fields if part.related_model in _paths]
    above = [getattr(row, part.name) for part in links]
    return all(is_theirs(user, one) for one in (row, *above) if one is not None)


def led() -> list[type[models.Model]]:
    """The models whose records lead to the kind of a programme."""
    return list(_paths)


def within(user: User | AnonymousUser, model: type[models.Model]) -> models.Q:
    """For a query: the rows of this model that somebody may work on."""
    kinds, path = areas_of(user), _paths.get(model)
    return models.Q() if kinds is None or path is None else models.Q(**{f"{path}__in": kinds})


def _kind_of(obj: Any, path: str) -> Any:
    for step in path.split("__"):
        obj = getattr(obj, step, None)
    return obj


def areas_of(user: User | AnonymousUser) -> frozenset[str] | None:
    """The kinds that somebody may work on; None for all of them.

    Asked of the database once for each user object, with their rights if these are asked for
    first. A superuser is never limited.
    """
    if user.is_anonymous or user.is_superuser:
        return None
    if not hasattr(user, "_work_areas"):
        keep_areas(user, user.work_areas.values_list("kind", flat=True))
    return user._work_areas  # type: ignore[union-attr]


def keep_areas(user: User, kinds: Iterable[str]) -> None:
    """What was asked, for this user object; to work on no kind in particular is to work on all."""
    user._work_areas = frozenset(kinds) or None  # type: ignore[attr-defined]


@transaction.atomic
def limit(user: User, kinds: Iterable[str], *, by: User) -> None:
    """From now on these kinds alone, or all of them when there are none; each change recorded.

    Safe to repeat, and when two do it at once each step is recorded once.
    """
    wanted = set(kinds) & {value for value, _label in offered()}
    there = set(user.work_areas.select_for_update().values_list("kind", flat=True))
    for kind in sorted(wanted - there):
        if WorkArea.objects.get_or_create(user=user, kind=kind)[1]:
            record_transition(user, FIELD, "", kind, by=by)
    for kind in sorted(there - wanted):
        if user.work_areas.filter(kind=kind).delete()[0]:
            record_transition(user, FIELD, kind, "", by=by)
