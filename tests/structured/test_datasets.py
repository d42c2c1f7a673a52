"""Open data for search engines: a catalogue, and datasets with the files that there are."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone, translation

from oda_portal.opendata.registry import dataset, datasets
from oda_portal.structured.datasets import of_catalogue, of_dataset
from tests.factories import OfficeFactory

pytestmark = pytest.mark.django_db

LANGUAGES = ["ko", "en", "zh-hans"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_names_every_dataset_and_where_it_is(client: Client, language: str):
    OfficeFactory()
    with translation.override(language):
        (node,) = of_catalogue(datasets()).nodes
        titles = [str(each.title) for each in datasets()]

    assert node["@type"] == "DataCatalog"
    assert [each["name"] for each in node["dataset"]] == titles
    assert client.get(urlsplit(node["dataset"][0]["url"]).path).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_dataset_leads_to_its_files(client: Client, language: str):
    OfficeFactory()
    with translation.override(language):
        (node,) = of_dataset(dataset("programmes"), changed_at=timezone.now()).nodes

    assert {"name", "description", "license", "creator", "dateModified"} <= set(node)
    assert node["dateModified"].endswith("+09:00")
    for file in node["distribution"]:
        response = client.get(file["contentUrl"].removeprefix("http://localhost:8000"))
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith(file["encodingFormat"])
