"""What of a form is kept: texts and choices, never files, tokens or resident numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import NamedTuple

from django.http import HttpRequest, QueryDict

from oda_portal.privacy.numbers import holds_resident_number

# Texts in three languages and all the rows below them; far more than any record has.
MOST_LETTERS = 1_000_000
# What only the moment of sending is about.
_OF_THE_MOMENT = {
    "csrfmiddlewaretoken", "_record", "_save", "_publish", "_preview", "_continue", "_addanother",
}  # fmt: skip
# Of the address of a form: where it came from says nothing about it.
_OF_THE_ADDRESS = {"unsaved", "_changelist_filters", "_popup", "_to_field"}
_ROW = re.compile(r"(?P<row>.+-\d+)-[^-]+")


class Filled(NamedTuple):
    """`refused` counts the texts that were left out; `sealed` is what a model keeps."""

    sealed: str
    letters: int
    refused: int


def filled(data: QueryDict) -> Filled:
    pairs = [
        (name, value)
        for name, values in data.lists()
        if name not in _OF_THE_MOMENT
        for value in values
        if isinstance(value, str)
    ]
    kept = [(name, value) for name, value in pairs if not holds_resident_number(value)]
    letters = sum(len(name) + len(value) for name, value in kept)
    return Filled(json.dumps(kept, ensure_ascii=False), letters, len(pairs) - len(kept))


def query_of(request: HttpRequest) -> str:
    """What follows the question mark and makes the form what it is."""
    query = request.GET.copy()
    for name in _OF_THE_ADDRESS:
        query.pop(name, None)
    return query.urlencode()


def without_rows_of_files(data: QueryDict, chosen: Collection[str]) -> QueryDict:
    """With new rows crossed out that came with a file, which cannot be kept: they would be nothing.

    `chosen` names the file fields that were filled in. The row of a stored file stays as it is.
    """
    left = data.copy()
    for name in chosen:
        found = _ROW.fullmatch(name)
        if found and not data.get(f"{found['row']}-id"):
            left[f"{found['row']}-DELETE"] = "on"
    return left
