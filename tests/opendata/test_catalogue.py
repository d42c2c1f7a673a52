"""The catalogue: what data there is, for people and for other catalogues."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from oda_portal.languages import HTML_LANG
from oda_portal.opendata.registry import datasets
from oda_portal.publishing.models import Status
from programs.models import Program
from tests.factories import OfficeFactory, PhotoFactory, ProgramFactory

from .world import fill

pytestmark = pytest.mark.django_db

PREFIXES = ["", "/en", "/zh-hans"]
NAMES = [each.name for each in datasets()]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_data_index_names_every_dataset_with_its_files(client: Client, prefix: str) -> None:
    page = client.get(f"{prefix}/data/").content.decode()

    for name in NAMES:
        assert f'href="{prefix}/data/{name}/"' in page
        assert f'href="{prefix}/data/{name}/?format=csv"' in page
        assert f'href="{prefix}/data/{name}/?format=json"' in page


def test_data_index_counts_public_rows_only(client: Client) -> None:
    ProgramFactory.create_batch(2)
    ProgramFactory(status=Status.DRAFT)
    ProgramFactory(ours=False)

    response = client.get("/data/")

    extents = {entry.dataset.name: entry.extent for entry in response.context["datasets"]}
    assert extents["programmes"].rows == 2
    assert extents["partners-programmes"].rows == 1


def test_data_index_says_when_rows_last_changed(client: Client) -> None:
    old, new = ProgramFactory(), ProgramFactory()
    Program.objects.filter(pk=old.pk).update(changed_at=datetime(2024, 5, 1, tzinfo=UTC))
    Program.objects.filter(pk=new.pk).update(changed_at=datetime(2025, 6, 2, tzinfo=UTC))

    response = client.get("/data/")

    extents = {entry.dataset.name: entry.extent for entry in response.context["datasets"]}
    assert extents["programmes"].changed_at == datetime(2025, 6, 2, tzinfo=UTC)
    assert "2025. 6. 2." in response.content.decode()


@pytest.mark.thorough
@pytest.mark.parametrize("rows", [1, 12])
def test_data_index_asks_the_same_number_of_queries(client: Client, rows, uncached_queries) -> None:
    OfficeFactory()
    ProgramFactory.create_batch(rows)

    assert uncached_queries(client, "/data/") <= 10


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("prefix", PREFIXES)
def test_dataset_detail_describes_the_columns_of_its_file(
    client: Client, name: str, prefix: str
) -> None:
    page = client.get(f"{prefix}/data/{name}/").content.decode()
    file = client.get(f"{prefix}/data/{name}/?format=csv").getvalue().decode("utf-8-sig")

    for column in next(csv.reader(io.StringIO(file))):
        assert f"<code>{column}</code>" in page


@pytest.mark.parametrize("prefix", PREFIXES)
def test_dataset_detail_shows_what_the_file_holds(client: Client, prefix: str) -> None:
    ProgramFactory(code="shown", kind="training")
    ProgramFactory(code="other", kind="volunteer")
    ProgramFactory(code="hidden", kind="training", status=Status.DRAFT)

    page = client.get(f"{prefix}/data/programmes/?kind=training")

    assert f"{prefix}/programs/shown/" in page.content.decode()
    assert page.context["listing"].total == 1
    assert f"{prefix}/data/programmes/?kind=training&amp;lang=" in page.content.decode()


def test_dataset_detail_gives_the_rows_as_a_file(client: Client) -> None:
    ProgramFactory(code="shown", kind="training")
    ProgramFactory(code="other", kind="volunteer")

    file = client.get("/data/programmes/?kind=training&format=json").getvalue()

    assert [row["code"] for row in json.loads(file)["results"]] == ["shown"]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_dataset_detail_knows_its_own_names_only(client: Client, prefix: str) -> None:
    assert client.get(f"{prefix}/data/persons/").status_code == 404


@pytest.mark.parametrize("prefix", PREFIXES)
def test_dataset_detail_refuses_a_page_that_there_is_not(client: Client, prefix: str) -> None:
    assert client.get(f"{prefix}/data/programmes/?page=1000000000").status_code == 404


def test_a_list_says_that_it_has_no_such_page(client: Client) -> None:
    response = client.get("/en/programs/?page=1000000000")

    assert response.status_code == 404
    assert "This list has no such page." in response.content.decode()


@pytest.mark.thorough
@pytest.mark.parametrize("rows", [1, 4])
def test_no_dataset_detail_asks_more_for_more_rows(client: Client, rows, uncached_queries) -> None:
    OfficeFactory()
    fill(rows)

    asked = {name: uncached_queries(client, f"/data/{name}/") for name in NAMES}

    assert {name: n for name, n in asked.items() if n > 10} == {}


def test_catalogue_is_dcat_in_three_languages(client: Client) -> None:
    OfficeFactory(email="oda@example.org")
    response = client.get("/data/catalog.jsonld")

    found = json.loads(response.content)
    assert response.headers["Content-Type"] == "application/ld+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert found["@type"] == "dcat:Catalog"
    assert [each["dct:identifier"] for each in found["dcat:dataset"]] == [*NAMES, "iati"]
    for each in found["dcat:dataset"]:
        assert {text["@language"] for text in each["dct:title"]} == set(HTML_LANG.values())
        forms = {form["dcat:mediaType"]["@id"].split("/")[-1] for form in each["dcat:distribution"]}
        assert forms in ({"csv", "json"}, {"xml"})


@pytest.mark.thorough
def test_catalogue_leads_to_files_that_are_there(client: Client, settings) -> None:
    settings.FILES_A_MINUTE = 1000
    found = json.loads(client.get("/data/catalog.jsonld").content)

    for each in found["dcat:dataset"]:
        for form in each["dcat:distribution"]:
            path = form.get("dcat:downloadURL", form["dcat:accessURL"])["@id"].removeprefix(
                settings.SITE_URL
            )
            assert client.get(path).status_code == 200, path


def test_dataset_detail_shows_photos_page_by_page(client: Client, uncached_queries) -> None:
    program = ProgramFactory()
    PhotoFactory.create_batch(31, program=program)

    first = client.get("/en/data/photos/?anything=1&page_size=100")
    second = client.get("/en/data/photos/?page=2")

    assert len(first.context["table"].lines) == 30
    assert len(second.context["table"].lines) == 1
    assert second.context["listing"].total == 31
    assert client.get("/en/data/photos/?page=3").status_code == 404
    assert uncached_queries(client, "/en/data/photos/") <= 12


def test_dataset_detail_marks_texts_in_another_language(client: Client) -> None:
    ProgramFactory(title_ko="전주", title_en="", title_zh_hans="")

    page = client.get("/en/data/programmes/").content.decode()

    assert '<th scope="row" lang="ko">' in page
