"""Pages that are no rows: the forms and lists of the portal, by what readers call them.

They are few and always there, so that they are looked through here and not in the index. Each app
registers its own in its `search.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils import translation

from oda_portal.languages import CODES

from .questions import Phrase, Question
from .results import OnSite
from .tokens import BREAK, tokens_of

# A reader who names a page wants that one; more would push down what was found.
MOST_PLACES = 3


@dataclass(frozen=True)
class Place:
    """A page by its name in the addresses, its title (lazy), and what else it is called.

    The other names are in any language and are never shown; `query` is what is asked of the page.
    """

    url_name: str
    title: Any
    names: tuple[str, ...] = ()
    query: str = ""


_places: list[Place] = []


def register_place(place: Place) -> None:
    if place not in _places:
        _places.append(place)


def all_places() -> list[Place]:
    return list(_places)


def places_for(asked: Question, language: str) -> list[OnSite]:
    """The pages that have every word in their names; those of just that name first."""
    if not asked.words:
        return []
    found = [(fit, place) for place in _places if (fit := _fit(asked, _known(place))) is not None]
    found.sort(key=lambda pair: pair[0])
    with translation.override(language):
        return [
            OnSite(str(place.title), reverse(place.url_name) + place.query)
            for _fit_of_it, place in found[:MOST_PLACES]
        ]


@lru_cache
def _known(place: Place) -> str:
    """The tokens of its title in every language and of its other names."""
    names = list(place.names)
    for code in CODES:
        with translation.override(code):
            names.append(str(place.title))
    tokens = [[token for token in tokens_of(name) if token != BREAK] for name in names]
    return "".join(f" {BREAK} {' '.join(name)}" for name in tokens) + f" {BREAK} "


def _fit(asked: Question, names: str) -> int | None:
    """0 for a page of just that name, 1 for one whose names have the words, None for others."""
    if any(f" {BREAK} {whole} {BREAK} " in names for whole in asked.whole):
        return 0
    has_all = all(any(_stands_in(each, names) for each in word.phrases) for word in asked.words)
    return 1 if has_all else None


def _stands_in(phrase: Phrase, names: str) -> bool:
    """One character is in too many names to tell anything."""
    tells = len(phrase.tokens) > 1 or len(phrase.tokens[-1]) > 1
    return tells and phrase.as_text() in names
