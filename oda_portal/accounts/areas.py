"""Where somebody of the staff works on programmes: on all of them, or on some kinds alone.

What kinds there are is said by the app of the programmes. Its admin keeps people to theirs
(`programs.admin.areas`); whatever else writes such records for somebody asks `is_theirs`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from oda_portal.audit.models import record_transition

from .models import WorkArea

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .models import User

Choices = list[tuple[str, str]]
# In the trail, beside "roles".
FIELD = "areas"


class Way(NamedTuple):
    """How records lead to kinds: by which columns, as “program__kind”, and whether all do."""

    path: str
    is_optional: bool


_offered: list[Callable[[], Choices]] = []
_ways: dict[type[models.Model], Way] = {}


def offer(choices: Callable[[], Choices]) -> None:
    """Say what kinds there are; called in `AppConfig.ready()`."""
    _offered.append(choices)


def offered() -> Choices:
    return [choice for choices in _offered for choice in choices()]


def lead(model: type[models.Model], path: str, *, optional: bool = False) -> None:
    """Say by which columns records of this model lead to the kind of their programme.

    `optional`: some lead to no programme, and are everybody's; some to several, and are only for
    whoever works on the kinds of them all.
    """
    _ways[model] = Way(path, optional)


def is_led(model: type[models.Model]) -> bool:
    """Whether it is said how records of this model lead to a kind of programme."""
    return model in _ways


def is_theirs(user: User | AnonymousUser, obj: models.Model) -> bool:
    """Whether somebody may work on this record, both as it is stored and as it is now."""
    kinds, way = areas_of(user), _ways.get(type(obj))
    if kinds is None or way is None:
        return True
    stored = type(obj)._base_manager.filter(pk=obj.pk) if obj.pk else None
    if stored is not None and stored.exclude(within(user, type(obj))).exists():
        return False
    found = _kinds_of(obj, way.path)
    return found <= kinds and bool(found or way.is_optional)


def hangs_on_theirs(user: User | AnonymousUser, row: models.Model) -> bool:
    """Whether a row, as a picture or a document, belongs to nothing but records of theirs."""
    if areas_of(user) is None:
        return True
    links = [part for part in row._meta.concrete_fields if part.related_model in _ways]
    above = [getattr(row, part.name) for part in links]
    return all(is_theirs(user, one) for one in (row, *above) if one is not None)


def led() -> list[type[models.Model]]:
    """The models whose records lead to the kind of a programme."""
    return list(_ways)


def within(user: User | AnonymousUser, model: type[models.Model]) -> models.Q:
    """For a query: the rows of this model that somebody may work on."""
    kinds, way = areas_of(user), _ways.get(model)
    if kinds is None or way is None:
        return models.Q()
    if way.is_optional:
        others = [kind for kind, _label in offered() if kind not in kinds]
        return ~models.Q(**{f"{way.path}__in": others})
    return models.Q(**{f"{way.path}__in": kinds})


def without_others(
    rows: models.QuerySet, user: User | AnonymousUser, *, kind: str, key: str
) -> models.QuerySet:
    """Of rows that are about any record, by these two columns: not those about other programmes.

    Nor those about deleted records, of which nobody can say whose they were.
    """
    for model in led() if areas_of(user) is not None else []:
        of_model = {kind: ContentType.objects.get_for_model(model)}
        theirs = model._base_manager.filter(within(user, model)).values("pk")
        rows = rows.exclude(~models.Q(**{f"{key}__in": theirs}), **of_model)
    return rows


def _kinds_of(obj: models.Model, path: str) -> set[Any]:
    """As the record is now, stored or not; none where a link on the way is empty."""
    found: list[Any] = [obj]
    for step in path.split("__"):
        found = [one for above in found for one in _behind(above, step)]
    return set(found)


def _behind(obj: models.Model, step: str) -> Iterable[Any]:
    is_many = obj._meta.get_field(step).one_to_many
    if is_many:
        return getattr(obj, step).all() if obj.pk else []
    one = getattr(obj, step, None)
    return [] if one is None else [one]


def areas_of(user: User | AnonymousUser) -> frozenset[str] | None:
    """The kinds that somebody may work on; None for all of them.

    Asked of the database once for each user object, with their rights if these are asked for
    first. A superuser is never limited.
    """
    if user.is_anonymous or user.is_superuser:
        return None
    if not hasattr(user, "_work_areas"):
        user.get_all_permissions()  # whoever asks for the one asks for the other: one question
    if not hasattr(user, "_work_areas"):
        keep_areas(user, user.work_areas.values_list("kind", flat=True))
    return user._work_areas  # type: ignore[attr-defined]


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
