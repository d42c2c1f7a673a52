"""What has a picture of its own to be shared with. Each app registers its kinds in `ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation

from oda_portal.pages.furniture import office
from oda_portal.publishing.texts import Text

# The picture of every page without one of its own.
PORTAL = ("portal", "home")


class Card(NamedTuple):
    """What a picture shows: a title with its language, what it is of, and the cloth of a cover."""

    title: Text
    label: str
    seed: str
    palette: str


class Picture(NamedTuple):
    kind: str
    key: str
    card: Card


@dataclass(frozen=True, kw_only=True)
class Pictured:
    """`rows` gives what everybody may see now, with what `card` reads; `key` names a unique slug.

    `rows` asks anew each time: what `published()` gave once stays at the time of that question.
    `card` is asked with the language of the picture active.
    """

    kind: str
    rows: Callable[[], QuerySet]
    key: str
    card: Callable[[Any], Card]


_kinds: dict[str, Pictured] = {}


def register(pictured: Pictured) -> None:
    """Raises ValueError when the kind is taken."""
    if pictured.kind in _kinds or pictured.kind == PORTAL[0]:
        raise ValueError(f"pictures of {pictured.kind} are registered twice")
    _kinds[pictured.kind] = pictured


def kinds() -> list[Pictured]:
    return list(_kinds.values())


def picture_of(kind: str, row: Any) -> Picture:
    """The picture of a row in hand; raises KeyError for a kind that nobody registered."""
    found = _kinds[kind]
    return Picture(kind, str(getattr(row, found.key)), found.card(row))


def portal_picture() -> Picture:
    texts = office()
    language = translation.get_language() or settings.LANGUAGE_CODE
    title = texts["hero_title"].replace("|", " ") or texts["name"]
    card = Card(Text(" ".join(title.split()), language), texts["tagline"], "portal", "ocean")
    return Picture(*PORTAL, card)


def public_card(kind: str, key: str) -> Card | None:
    """The card of what everybody may see now, in the active language; None for all else."""
    if (kind, key) == PORTAL:
        return portal_picture().card
    if (found := _kinds.get(kind)) is None:
        return None
    try:
        row = found.rows().filter(**{found.key: key}).first()
    except ValueError:  # a word where the key is a number
        return None
    return found.card(row) if row is not None else None
