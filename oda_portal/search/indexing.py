"""Entries are made anew from their objects: when something changed, or all of them.

Whoever writes entries holds a lock and reads the objects while holding it: of two workers the later
one has read the later state. Everything may be done twice.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, models, transaction
from django.db.models import Q
from django.utils import translation

from oda_portal.languages import CODES
from oda_portal.publishing.parts import in_parts

from .fields import Tokens
from .folding import composed
from .models import SearchEntry
from .questions import label
from .registry import Content, Searched, all_searched, reference, searched_of
from .tokens import BREAK, MOST_TOKENS, tokens_of
from .windows import month_label

LOCK = 0x73656172  # "sear"; advisory locks of PostgreSQL are numbers
BATCH = 200
# Beyond that a text is not looked through; about eight printed pages.
LONGEST_TEXT = 15_000
WRITTEN = "kind url title title_language text date precision facets names tokens".split()

logger = logging.getLogger(__name__)
Change = tuple[str, str]


def take_in(changes: Iterable[Change]) -> None:
    """Bring entries up to date with rows that changed, came or went."""
    for name, pks in sorted(_touched(set(changes)).items()):
        searched = searched_of(name)
        for batch in in_parts(sorted(pks), BATCH):
            if searched is None:  # an app that is no more
                SearchEntry.objects.filter(model=name, object_id__in=batch).delete()
            else:
                _index_patiently(searched, batch)


def _index_patiently(searched: Searched, pks: list[int]) -> None:
    """What of a batch cannot be indexed is written down, and keeps nothing else from it."""
    try:
        index(searched, pks)
    except OperationalError:  # nor can anything else be: it will be told again
        raise
    except Exception:
        logger.exception("Not indexed for the search: %s %s", searched.label, pks)
        for pk in pks if len(pks) > 1 else []:
            _index_patiently(searched, [pk])


def index(searched: Searched, pks: list[int]) -> int:
    """Make the entries of these objects anew, remove those of what is gone; how many there are."""
    with transaction.atomic():
        _wait_for_turn()
        rows = list(searched.rows().filter(pk__in=pks))
        made = [entry for row in rows for entry in entries_of(searched, row)]
        kept = {(entry.object_id, entry.language) for entry in made}
        there = SearchEntry.objects.filter(model=searched.label, object_id__in=pks)
        gone = [
            pk
            for pk, *key in there.values_list("pk", "object_id", "language")
            if tuple(key) not in kept
        ]
        SearchEntry.objects.filter(pk__in=gone).delete()
        SearchEntry.objects.bulk_create(
            made,
            update_conflicts=True,
            unique_fields=["model", "object_id", "language"],
            update_fields=WRITTEN,
        )
    return len(made)


def entries_of(searched: Searched, row: models.Model) -> Iterator[SearchEntry]:
    """One entry for each language in which something is written of the object."""
    labels = searched.labels_of(row)
    contents: dict[str, Content] = {}
    for language in CODES:
        with translation.override(language):
            contents[language] = searched.content(row, language)
    with translation.override(settings.LANGUAGE_CODE):
        url = row.get_absolute_url()  # type: ignore[attr-defined]
    for language, content in contents.items():
        if content.title or any(content.texts):
            titled = _titled(contents, language)
            title = contents[titled].title
            yield SearchEntry(
                model=searched.label,
                object_id=row.pk,
                language=language,
                url=url,
                title=composed(title)[:300],
                title_language=titled,
                **_written(searched, content, title, labels),
            )


def _titled(contents: dict[str, Content], language: str) -> str:
    """The language of the title: its own, or the first in which there is one."""
    order = (language, *settings.MODELTRANSLATION_FALLBACK_LANGUAGES[language])
    return next((code for code in order if contents[code].title), language)


def _written(searched: Searched, content: Content, title: str, labels: set[str]) -> dict[str, Any]:
    """What an entry holds of the content, to be shown and to be looked through."""
    kind = content.kind or searched.kind
    lines = [" ".join(line.split()) for part in content.texts for line in part.splitlines()]
    text = composed("\n".join(line for line in lines if line))[:LONGEST_TEXT]
    names = [tokens_of(name) for name in dict.fromkeys([title, *content.names]) if name]
    words = [*_joined(names), *_joined(tokens_of(part) for part in [*content.beside, text])]
    filters = {f"=kind:{kind}", *(f"=in:{code}" for code in content.countries)}
    filters |= {month_label(content.date), *(f"=year:{year}" for year in content.years)}
    return {
        "kind": kind,
        "text": text,
        "date": content.date,
        "precision": content.precision,
        "facets": " ".join(sorted({*content.countries, *map(str, content.years)}))[:2000],
        "names": f" {BREAK} {' '.join(_joined(names))} ",
        "tokens": Tokens(tuple(words[:MOST_TOKENS]), frozenset(labels | filters)),
    }


def _joined(parts: Iterable[list[str]]) -> list[str]:
    """Tokens of several texts, with a break after each."""
    return [token for part in parts for token in [*part, BREAK]]


def _wait_for_turn() -> None:
    """In SQLite the transaction itself is the lock: it began by taking the right to write."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _touched(changes: set[Change]) -> dict[str, set[int]]:
    """The objects whose entries a change concerns, by model."""
    touched: dict[str, set[int]] = defaultdict(set)
    by_model: dict[str, list[str]] = defaultdict(list)
    for name, pk in changes:
        by_model[name].append(pk)
        if searched_of(name):
            touched[name].add(int(pk))
    for searched in all_searched():
        for model, way in searched.shown.items():
            for batch in in_parts(by_model.get(model._meta.label_lower, []), BATCH):
                # Those that show it now …
                rows = searched.model._default_manager.order_by()
                found = rows.filter(**{f"{way}__in": batch}).values_list("pk", flat=True)
                touched[searched.label].update(found)
    shown = {model._meta.label_lower for one in all_searched() for model in one.shown}
    for name, pks in by_model.items():
        if name in shown:
            # … and those that showed it when they were indexed.
            for batch in in_parts(pks, BATCH):
                for label_of_object, object_id in _showing(name, batch):
                    touched[label_of_object].add(object_id)
    return touched


def _showing(name: str, pks: list[str]) -> Iterable[tuple[str, int]]:
    asked = [Q(tokens__matching=[label(reference(name, pk))]) for pk in pks]
    entries = SearchEntry.objects.order_by().filter(reduce(or_, asked))
    return entries.values_list("model", "object_id").distinct()


def rebuild() -> Iterator[tuple[Searched, int]]:
    """Make every entry anew, batch by batch, while the site goes on serving; yields its progress.

    What was left of objects that are gone is removed at the end of each model.
    """
    for searched in all_searched():
        last = 0
        while pks := _next(searched, last):
            _index_patiently(searched, pks)
            last = pks[-1]
            yield searched, len(pks)
        _sweep(searched)
    known = [searched.label for searched in all_searched()]
    SearchEntry.objects.exclude(model__in=known).delete()


def _next(searched: Searched, last: int) -> list[int]:
    rows = searched.model._default_manager.order_by("pk").filter(pk__gt=last)
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _sweep(searched: Searched) -> None:
    live: Any = searched.model._default_manager.order_by().values("pk")
    SearchEntry.objects.filter(model=searched.label).exclude(object_id__in=live).delete()
