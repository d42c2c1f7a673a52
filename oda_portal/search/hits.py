"""Objects that were found as a reader of one language is shown them."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q

from oda_portal.languages import path_in

from .models import SearchEntry
from .objects import Key, Object, key_of, shown
from .questions import Question
from .registry import searched_of
from .results import Hit, Kind, Piece
from .snippets import marked, snippet


def hits_of(asked: Question, objects: list[Object], language: str) -> list[Hit]:
    """One query: the entry in which the words are, and the one in the reader's language."""
    if not objects:
        return []
    chosen = [shown(found, language).pk for found in objects]
    rows = SearchEntry.objects.defer("tokens", "names").filter(
        Q(pk__in=chosen) | Q(language=language) & _is_one_of(map(key_of, objects))
    )
    by_pk = {row.pk: row for row in rows}
    own = {(row.model, row.object_id): row for row in by_pk.values() if row.language == language}
    # An entry may have gone between the questions.
    return [
        _hit(asked, row, own.get(key_of(found), row), found, language)
        for found, pk in zip(objects, chosen, strict=True)
        if (row := by_pk.get(pk))
    ]


def _is_one_of(keys: map[Key]) -> Q:
    by_model: dict[str, list[int]] = defaultdict(list)
    for model, pk in keys:
        by_model[model].append(pk)
    any_of = Q()
    for model, pks in by_model.items():
        any_of |= Q(model=model, object_id__in=pks)
    return any_of


def _hit(asked: Question, row: SearchEntry, own: SearchEntry, found: Object, language: str) -> Hit:
    """The title of the reader's own entry, and the text in which the words are."""
    return Hit(
        kind=Kind(own.kind),
        url=address_of(own, language),
        title=marked(own.title, asked.words),
        title_language=own.title_language,
        snippet=_snippet(asked, row, is_titled=row is own),
        language=row.language,
        is_foreign=own.language != language,
        also_in=sorted(code for code in found if code != own.language),
        date=own.date,
        precision=own.precision,
        countries=list(filter(str.isalpha, own.facets.split())),
    )


def _snippet(asked: Question, row: SearchEntry, *, is_titled: bool) -> list[Piece]:
    """Below another language's title the snippet begins with its own, where the words are there."""
    text = row.text
    if not is_titled and row.title_language == row.language:
        named = any(piece.marked for piece in marked(row.title, asked.words))
        text = f"{row.title} – {text}" if named and text else row.title if named else text
    return snippet(text, asked.words, row.language)


def address_of(row: SearchEntry, language: str) -> str:
    """Where it is for a reader of this language."""
    searched = searched_of(row.model)
    has_languages = searched is None or searched.has_languages
    return path_in(row.url, language) if has_languages else row.url
