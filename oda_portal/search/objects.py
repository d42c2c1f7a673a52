"""The objects whose entries were found: in their order, judged, and what they offer as filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings

from .live import public_objects
from .results import Kind

JUDGED_MORE = 100  # of a common word, so many objects more than are shown are asked after
SAMPLES = 3  # and so many of every kind, country and year that might be offered


class Found(NamedTuple):
    """What is read of every entry, to choose and to count."""

    rank: int
    pk: int
    model: str
    object_id: int
    language: str
    kind: str
    facets: str


Key = tuple[str, int]
Object = dict[str, Found]  # the entries of one object, by language


def key_of(found: Object) -> Key:
    first = next(iter(found.values()))
    return first.model, first.object_id


def ranked(entries: Iterable[Found]) -> list[Object]:
    """The objects in the order of their best entries."""
    objects: dict[Key, Object] = {}
    for entry in entries:
        objects.setdefault((entry.model, entry.object_id), {})[entry.language] = entry
    return list(objects.values())


def shown(found: Object, language: str) -> Found:
    """The entry for a reader of this language."""
    order = (language, *settings.MODELTRANSLATION_FALLBACK_LANGUAGES[language])
    return next(found[code] for code in order if code in found)


def some_public(
    objects: list[Object], wanted: int, beside: Iterable[Object] = ()
) -> tuple[list[Object], set[Key]]:
    """Of objects that are too many to be counted: the first ones judged, the others as they are.

    Enough are judged for as many as are wanted to be public; all of them where that is not enough.
    The second are the keys of all that were judged and are public, those beside too.
    """
    for number in (max(0, wanted) + JUDGED_MORE, len(objects)):
        first, others = objects[:number], objects[number:]
        public = public_objects(map(key_of, [*first, *beside]))
        stay = [found for found in first if key_of(found) in public]
        if len(stay) >= wanted or not others:
            break
    return stay + others, public


def samples_of(objects: list[Object]) -> list[Object]:
    """The first few objects of every kind, country and year: enough to know whether to offer it."""
    seen: Counter[str] = Counter()
    samples = []
    for found in objects:
        marks = {mark for entry in found.values() for mark in (entry.kind, *entry.facets.split())}
        if any(seen[mark] < SAMPLES for mark in marks):
            seen.update(marks)
            samples.append(found)
    return samples


def kinds_of(objects: list[Object], are_all: bool) -> list[tuple[Kind, int | None]]:
    counts = Counter(next(iter(found.values())).kind for found in objects)
    return [(kind, counts[kind] if are_all else None) for kind in Kind if counts[kind]]


def facets_of(objects: list[Object]) -> set[str]:
    """The countries and years that some of them have."""
    known = {entry.facets for found in objects for entry in found.values()}
    return {facet for facets in known for facet in facets.split()}
