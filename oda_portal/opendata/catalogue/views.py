"""The catalogue, and one page for each dataset with its rows, its columns and its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from oda_portal.missing import MissingError
from oda_portal.opendata.lists import FORMATS, data_response
from oda_portal.opendata.registry import Dataset, Frequency, dataset, datasets
from oda_portal.opendata.sharing import for_everybody
from oda_portal.pages.furniture import foot_of
from oda_portal.publishing.freshness import public
from oda_portal.publishing.listing import listing
from oda_portal.structured.datasets import of_catalogue, of_dataset

from .dcat import catalogue
from .extents import Extent, extent_of, extents
from .tables import table_of, words

ROWS = 30
FREQUENCIES = {
    Frequency.AS_IT_HAPPENS: gettext_lazy("As soon as something changes"),
    Frequency.YEARLY: gettext_lazy("Once a year"),
}


class NoFilters(django_filters.FilterSet):
    """For datasets that nobody has to choose from."""


@dataclass(frozen=True)
class Entry:
    """A dataset in the catalogue."""

    dataset: Dataset
    extent: Extent
    url: str

    @property
    def files(self) -> list[tuple[str, str]]:
        return [(form.upper(), f"{self.url}?format={form}") for form in FORMATS]

    @property
    def frequency(self) -> str:
        return str(FREQUENCIES[self.dataset.frequency])

    @property
    def keywords(self) -> str:
        return words(list(map(str, self.dataset.keywords)))


@require_safe
@public
def data_index(request: HttpRequest) -> HttpResponse:
    known = extents()
    entries = [_entry(each, known[each.name]) for each in datasets()]
    return render(
        request,
        "opendata/data_index.html",
        {
            "datasets": [entry for entry in entries if not entry.dataset.figure],
            "figures": [entry for entry in entries if entry.dataset.figure],
            "catalogue_url": reverse("data_catalogue"),
            "structured": of_catalogue(datasets()),
            **foot_of(),
            "crumbs": [{"label": _("Open data")}],
        },
    )


@require_safe
@public
def dataset_detail(request: HttpRequest, name: str) -> HttpResponseBase:
    """A dataset's rows under its filters; with `format`, the same rows as a file."""
    try:
        found = dataset(name)
    except KeyError:
        raise MissingError(_("There is no such dataset.")) from None
    if "format" in request.GET:
        return data_response(request, found)
    request.dataset = name  # type: ignore[attr-defined]
    extent = extent_of(found)
    return render(
        request,
        "opendata/dataset_detail.html",
        {
            **_rows(request, found),
            "entry": _entry(found, extent),
            "structured": of_dataset(found, changed_at=extent.changed_at),
            "columns": found.columns,
            "page_url": reverse(found.page) if found.page else "",
            **foot_of(),
            "crumbs": [
                {"label": _("Open data"), "url": reverse("opendata:data_index")},
                {"label": found.title},
            ],
        },
    )


def _rows(request: HttpRequest, found: Dataset) -> dict[str, Any]:
    rows: Any = found.rows()
    if found.figure:  # a chart has few lines
        return {"table": table_of(found, rows), "listing": None}
    shown = listing(request, found.filters or NoFilters, rows, per_page=ROWS)
    return {"table": table_of(found, shown.page), "listing": shown}


def _entry(found: Dataset, extent: Extent) -> Entry:
    url = reverse("opendata:dataset_detail", args=[found.name])
    return Entry(found, extent, url)


@require_safe
@public
def catalogue_jsonld(request: HttpRequest) -> HttpResponse:
    """DCAT 3 in three languages at once: the same from every address."""
    answer = JsonResponse(
        catalogue(),
        content_type="application/ld+json",
        json_dumps_params={"ensure_ascii": False},
    )
    return for_everybody(answer)
