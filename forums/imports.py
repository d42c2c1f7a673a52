"""What of this app can be filled from a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from oda_portal.publishing.models import language_column
from oda_portal.spreadsheets.importing.names import Named, register_names
from oda_portal.spreadsheets.importing.registry import Importable, register

from .freezing import FrozenError, refusal, require_open
from .models import Forum, ForumSession, Room, Speaker


def register_all() -> None:
    register_names(Forum, _forums)
    register_names(Room, _rooms)
    for importable in IMPORTABLES:
        register(importable)


def _columns(path: str, field: str) -> list[str]:
    return [f"{path}{language_column(field, code)}" for code in settings.MODELTRANSLATION_LANGUAGES]


def _forums() -> Iterator[Named]:
    """An edition is called what its programme is."""
    rows = Forum.objects.order_by("pk").values_list("pk", "slug", *_columns("program__", "title"))
    for pk, slug, *titles in rows:
        yield Named(pk, slug, tuple(filter(None, titles)))


def _rooms() -> Iterator[Named]:
    """Rooms of several editions have the same name: with their edition each is one."""
    rows = Room.objects.order_by("pk").values_list("pk", "forum__slug", *_columns("", "name"))
    for pk, slug, *names in rows:
        written = [name for name in names if name]
        wholes = tuple(f"{slug}/{name}" for name in written)
        yield Named(pk, wholes[0] if wholes else f"{slug}/{pk}", (*written, *wholes))


def _is_frozen(row: Any, lock: bool) -> str:
    """A closed edition is part of the record: it changes only by a public correction."""
    editions = [row.forum] if isinstance(row, ForumSession) else _shown_in(row)
    try:
        for forum in editions:
            if lock:
                require_open(forum)
            elif forum.is_frozen:
                return refusal()
    except FrozenError as error:
        return str(error)
    return ""


def _shown_in(speaker: Any) -> list[Forum]:
    if speaker.pk is None:
        return []
    return list(
        Forum.objects.filter(sessions__appearances__speaker=speaker).distinct().order_by("pk")
    )


IMPORTABLES = (
    Importable(
        ForumSession,
        columns=("forum", "kind", "title", "abstract", "room", "starts_at", "ends_at"),
        key=("id",),
        named_by="title",
        twins=("forum", "starts_at", "title"),
        refuse=_is_frozen,
    ),
    Importable(
        Speaker,
        columns=("name", "post", "organisation", "bio"),
        key=("id",),
        named_by="name",
        twins=("name", "organisation"),
        refuse=_is_frozen,
    ),
)
