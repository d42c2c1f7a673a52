"""The only signal receivers of the project.

A change to something public marks a `Dirty` row in its own transaction and raises the site
generation when it commits. Which models are public is a registry that the apps fill.
"""

from collections.abc import Callable
from typing import Any

from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from . import freshness
from .models import Dirty, Publishable, PublishableQuerySet

_watched: set[type[models.Model]] = set()
_times: list[tuple[type[models.Model], str]] = []
_followers: list[Callable[[list[tuple[str, str]]], None]] = []


def watch(*classes: type[models.Model]) -> None:
    """Declare that public pages show these models."""
    _watched.update(classes)


def watch_times(model: type[models.Model], *fields: str) -> None:
    """Declare that public pages change at the times in these columns, by the clock alone."""
    _times.extend((model, field) for field in fields)


def follow(act: Callable[[list[tuple[str, str]]], None]) -> None:
    """Have the worker tell `act` which rows changed, came or went: pairs of model and key.

    It may be told the same again, and by two workers at once. What it raises, it is told again.
    """
    _followers.append(act)


def tell_followers(changes: list[tuple[str, str]]) -> None:
    for act in _followers:
        act(changes)


def timed_columns() -> list[tuple[type[models.Model], str]]:
    """Every column that holds such a time; publication and expiry always do."""
    published = [
        (model, field) for model in publishable_models() for field in ("publish_at", "expire_at")
    ]
    return [*published, *_times]


def publishable_models() -> list[type[Publishable]]:
    """Watched models that are published, expire and are taken down; in a stable order."""
    found = [model for model in _watched if issubclass(model, Publishable)]
    return sorted(found, key=lambda model: model._meta.label)


def public_rows(model: type[Publishable]) -> PublishableQuerySet:
    """What everybody may see now of a model that is named only by the registry."""
    rows: PublishableQuerySet = model._default_manager.all()  # type: ignore[assignment]
    return rows.published()


def mark(instance: models.Model) -> None:
    """Remember that a public object changed, and raise the generation once that is committed."""
    Dirty.objects.create(model=instance._meta.label_lower, object_id=str(instance.pk))
    transaction.on_commit(freshness.raise_generation, robust=True)


def _changed(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    # raw: a fixture is loaded before the tables it points to are complete.
    if sender in _watched and not kwargs.get("raw"):
        mark(instance)


def _links_changed(instance: models.Model, action: str, **kwargs: Any) -> None:
    if type(instance) in _watched and action.startswith("post_"):
        mark(instance)


def connect() -> None:
    post_save.connect(_changed, dispatch_uid="publishing.saved")
    post_delete.connect(_changed, dispatch_uid="publishing.deleted")
    m2m_changed.connect(_links_changed, dispatch_uid="publishing.linked")
