"""Open data for search engines: the catalogue, and each dataset with its files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.languages import absolute
from oda_portal.opendata.registry import Dataset
from oda_portal.opendata.terms import FILES, LICENCE

from .nodes import Node, moment, node, the_office
from .pages import PageData


def of_catalogue(datasets: Iterable[Dataset]) -> PageData:
    """The page that lists every dataset; each has its own page for the rest."""
    return PageData(
        (
            node(
                "DataCatalog",
                id="#catalogue",
                name=_("Open data"),
                publisher=the_office(),
                license=LICENCE,
                dataset=[
                    node("Dataset", id=f"{address}#dataset", name=str(each.title), url=address)
                    for each in datasets
                    for address in [_address(each)]
                ],
            ),
        )
    )


def of_dataset(dataset: Dataset, *, changed_at: datetime | None = None) -> PageData:
    """The page of one dataset."""
    catalogue = absolute(reverse("opendata:data_index"))
    return PageData(
        (
            node(
                "Dataset",
                id="#dataset",
                name=str(dataset.title),
                description=str(dataset.about),
                identifier=dataset.name,
                keywords=[str(word) for word in dataset.keywords],
                variableMeasured=[column.name for column in dataset.columns],
                creator=the_office(),
                publisher=the_office(),
                license=LICENCE,
                isAccessibleForFree=True,
                dateModified=moment(changed_at),
                includedInDataCatalog={"@id": f"{catalogue}#catalogue"},
                distribution=[_file(dataset, form) for form in FILES],
            ),
        )
    )


def _file(dataset: Dataset, form: str) -> Node:
    return node(
        "DataDownload",
        name=f"{dataset.name}.{form}",
        encodingFormat=FILES[form],
        contentUrl=f"{_address(dataset)}?format={form}",
    )


def _address(dataset: Dataset) -> str:
    return absolute(reverse("opendata:dataset_detail", args=[dataset.name]))
