"""The addresses of the API: what there is, its document, datasets, figures and code lists."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.languages import HTML_LANG, absolute
from oda_portal.opendata.asking import BadQueryError, Fault, asked_of
from oda_portal.opendata.columns import ALL
from oda_portal.opendata.problems import not_found
from oda_portal.opendata.registry import Dataset, datasets

from .codes import code_list, code_lists
from .document import LICENCE
from .document import openapi as document
from .doors import endpoint
from .reading import page_of, possible, row_of

# What an address may ask that shows no rows: the language alone.
NO_ROWS = code_list("", "", list)


@endpoint
def index(path: str, query: QueryDict) -> dict[str, Any]:
    _only_a_language(query)
    return {
        "version": "1",
        "documentation": absolute(reverse("api_docs")),
        "openapi": absolute(reverse("api:openapi")),
        "licence": LICENCE,
        "datasets": [
            _entry(each, "api:rows") | {"page": absolute(_page(each))}
            for each in _of_rows().values()
        ],
        "figures": [
            _entry(each, "api:figure") | {"page": absolute(_page(each))}
            for each in _of_figures().values()
        ],
        "codes": [_entry(each, "api:codes") for each in code_lists().values()],
    }


@endpoint
def openapi(path: str, query: QueryDict) -> dict[str, Any]:
    _only_a_language(query)
    return document()


@endpoint
def rows(path: str, query: QueryDict, name: str) -> dict[str, Any]:
    return page_of(_found(_of_rows(), name), path, query)


@endpoint
def row(path: str, query: QueryDict, name: str, key: str) -> dict[str, Any]:
    return row_of(_found(_of_rows(), name), key, query)


@endpoint
def figure(path: str, query: QueryDict, name: str) -> dict[str, Any]:
    return page_of(_found(_of_figures(), name), path, query)


@endpoint
def codes(path: str, query: QueryDict, name: str) -> dict[str, Any]:
    return page_of(_found(code_lists(), name), path, query)


@endpoint
def nothing(path: str, query: QueryDict) -> dict[str, Any]:
    raise not_found(_no_such(reverse("api:index")))


def _of_rows() -> dict[str, Dataset]:
    return {each.name: each for each in datasets() if not each.figure}


def _of_figures() -> dict[str, Dataset]:
    return {each.name: each for each in datasets() if each.figure}


def _found(known: dict[str, Dataset], name: str) -> Dataset:
    if name not in known:
        raise not_found(_no_such(reverse("api:index")))
    return known[name]


def _no_such(index_path: str) -> str:
    return _("See %(address)s for what there is.") % {"address": absolute(index_path)}


def _only_a_language(query: QueryDict) -> None:
    asked_of(NO_ROWS, query)
    if query.get("lang") == ALL:
        raise BadQueryError([Fault("lang", possible(list(HTML_LANG.values())))])


def _entry(dataset: Dataset, address: str) -> dict[str, str]:
    return {
        "name": dataset.name,
        "title": str(dataset.title),
        "about": str(dataset.about),
        "url": absolute(reverse(address, args=[dataset.name])),
    }


def _page(dataset: Dataset) -> str:
    """Where people read the same rows, in the language of the answer."""
    return reverse("opendata:dataset_detail", args=[dataset.name])
