"""What can be reviewed. Apps register their kinds in `AppConfig.ready()`; this room knows none.

The model of what is reviewed has a `GenericRelation` to `reviews.Review`, so that reviews go with
what they are about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from uuid import UUID

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.functional import Promise

from .blinding import Identity

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

Words: TypeAlias = "str | Promise"


class Entry(NamedTuple):
    """One thing that somebody wrote, under a label of the office's; the label is never masked."""

    label: str
    text: str


class PrivateFile(NamedTuple):
    """A file that a reviewer may open where the stage is not blind."""

    uuid: UUID
    label: str
    name: str
    file: FieldFile


@dataclass(frozen=True)
class Section:
    title: str
    entries: list[Entry] = field(default_factory=list)


class Group(NamedTuple):
    """A part of a round by which the ranking can be narrowed, an opening for instance."""

    value: str
    label: str


def _no_files(subject: Any) -> list[PrivateFile]:
    return []


def _no_groups(round_: Any) -> list[Group]:
    return []


def _nobody(round_: Any, value: str) -> models.QuerySet[Any]:
    raise LookupError("this kind has no groups")


@dataclass(frozen=True, kw_only=True)
class ReviewKind:
    """One kind of thing that is reviewed, round by round.

    `subjects(round, stage)`: those that are in this stage now; only they are assigned and scored.
    `whole(rows)`: the same rows with all that the other callables need, loaded at once.
    `code(subject)`: what it is called where nobody may learn whose it is.
    `material(subject, blind=…)`: what a reviewer is shown; `blind` leaves out what says who it is.
    `identity(subject)`: what is masked in the rest, wherever the person wrote it.
    `people(subject)`: whose data are looked at, for the access record.
    `accounts(rows)`: by the keys of these subjects, the accounts of whoever each is of: they never
    review it. As many questions to the database for many as for one.
    """

    key: str
    label: Words
    model: type[models.Model]
    round_model: type[models.Model]
    rounds: Callable[[], models.QuerySet[Any]]
    subjects: Callable[[Any, str], models.QuerySet[Any]]
    whole: Callable[[models.QuerySet[Any]], models.QuerySet[Any]]
    code: Callable[[Any], str]
    name: Callable[[Any], str]
    material: Callable[..., list[Section]]
    identity: Callable[[Any], Identity]
    people: Callable[[Any], Iterable[models.Model | None]]
    accounts: Callable[[models.QuerySet[Any]], Mapping[int, Iterable[int]]]
    # Where staff find it in the back office.
    url: Callable[[Any], str]
    files: Callable[[Any], list[PrivateFile]] = _no_files
    groups: Callable[[Any], list[Group]] = _no_groups
    in_group: Callable[[Any, str], models.QuerySet[Any]] = _nobody


_kinds: dict[type[models.Model], ReviewKind] = {}


def register(kind: ReviewKind) -> None:
    """Make a kind known. Raises ValueError when its round has one, or reviews would outlive it."""
    if kind.round_model in _kinds:
        raise ValueError(f"what belongs to {kind.round_model.__name__} is registered twice")
    own = kind.model._meta.private_fields
    relations = [one for one in own if isinstance(one, GenericRelation)]
    if not any(one.related_model._meta.label == "reviews.Review" for one in relations):
        raise ValueError(f"{kind.model.__name__} has no GenericRelation to reviews.Review")
    _kinds[kind.round_model] = kind


def kind_of(round_: Any) -> ReviewKind:
    """The kind that is reviewed in a round; raises KeyError for one that nothing registers."""
    return _kinds[type(round_)]


def registered() -> list[ReviewKind]:
    return list(_kinds.values())
