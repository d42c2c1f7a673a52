"""The OpenAPI document is true: every address is there, and answers as it says."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.protocols import Validator

from oda_portal.demo.demonstration import load_demonstration
from oda_portal.opendata.api.codes import code_lists
from oda_portal.opendata.api.schemas import row_schema, whole_row_schema
from oda_portal.opendata.columns import ALL, Column, Type
from oda_portal.opendata.registry import Dataset, datasets
from tests.factories import CountryFactory, ProgramFactory

pytestmark = pytest.mark.django_db

API = "/data/api/v1"
LANGUAGES = ["ko", "en", "zh-Hans"]


def document(client: Client, lang: str = "en") -> dict[str, Any]:
    response = client.get(f"{API}/openapi.json?lang={lang}")
    assert response.status_code == 200
    return response.json()


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """References of the schema lead into the document."""
    whole = {**schema, "components": document["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


class Strangers:
    """Asks each time from another address, so that no limit is met."""

    def __init__(self, client: Client) -> None:
        self.client, self.asked = client, 0

    def get(self, path: str) -> Any:
        self.asked += 1
        return self.client.get(path, REMOTE_ADDR=f"10.1.{self.asked // 250}.{self.asked % 250}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_document_describes_every_dataset_and_code_list(client: Client, lang: str):
    found = document(client, lang)

    Draft202012Validator.check_schema(found["components"]["schemas"]["programmes"])
    assert found["openapi"] == "3.1.0"
    assert set(found["paths"]) == {
        *("/", "/openapi.json"),
        *(f"/{each.name}/" for each in datasets() if not each.figure),
        *(f"/{each.name}/{{{each.key}}}/" for each in datasets() if not each.figure),
        *(f"/figures/{each.name}/" for each in datasets() if each.figure),
        *(f"/codes/{name}/" for name in code_lists()),
    }


def test_document_is_in_the_language_asked_for(client: Client):
    about = {
        lang: document(client, lang)["components"]["schemas"]["programmes"]["properties"]["kind"]
        for lang in LANGUAGES
    }

    assert about["en"]["description"] == "Kind"
    assert len({each["description"] for each in about.values()}) == len(LANGUAGES)


def test_document_names_parameters_with_the_values_that_there_are(client: Client):
    program = ProgramFactory()
    program.countries.add(CountryFactory(code="VN"))

    asked = document(client)["paths"]["/programmes/"]["get"]["parameters"]
    schemas = {parameter["name"]: parameter["schema"] for parameter in asked}

    assert schemas["country"] == {"type": "string", "enum": ["", "VN"]}
    assert "-starts_on" in schemas["ordering"]["enum"]
    assert schemas["page_size"]["maximum"] == 100
    assert schemas["lang"]["enum"] == ["ko", "en", "zh-Hans", "all"]
    assert "updated_since" in schemas
    assert "title_ko" not in schemas["fields"]["items"]["enum"]


def test_operations_have_names_of_their_own(client: Client):
    names = [path["get"]["operationId"] for path in document(client)["paths"].values()]

    assert len(names) == len(set(names))


def test_columns_become_schemas_with_their_codes_and_nulls():
    dataset = Dataset(
        name="ships",
        title="Ships",
        about="Ships",
        columns=(
            Column(name="code", about="Code", value=str),
            Column(name="kind", about="Kind", value=str, nullable=True, codes=[("a", "A")]),
            Column(name="built", about="Built", value=str, type=Type.DATE, nullable=True),
            Column(name="name", about="Name", value=str, text="name"),
            Column(name="name_language", about="Name", value=str, text="name", nullable=True),
        ),
        rows=list,
    )

    whole, in_all = whole_row_schema(dataset, "ko"), whole_row_schema(dataset, ALL)

    assert whole["properties"]["kind"] == {
        "type": ["string", "null"],
        "description": "Kind",
        "enum": ["a", None],
    }
    assert whole["properties"]["built"]["type"] == ["string", "null"]
    assert whole["required"] == ["code", "kind", "built", "name", "name_language"]
    assert in_all["required"] == ["code", "kind", "built", "name_ko", "name_en", "name_zh_hans"]
    assert set(row_schema(dataset)["properties"]) == {*whole["required"], *in_all["required"]}


@pytest.mark.thorough
def test_every_documented_address_answers_by_its_schema(client: Client):
    """On an empty portal as well, which has no row for any filter."""
    found, strangers = document(client), Strangers(client)

    for path, operations in found["paths"].items():
        if "{" in path:
            continue
        response = strangers.get(API + path)
        assert response.status_code == 200, path
        content = operations["get"]["responses"]["200"]["content"]["application/json"]
        validator(found, content["schema"]).validate(response.json())


def test_problems_answer_by_their_schema(client: Client):
    found = document(client)
    schema = found["components"]["schemas"]["problem"]

    for path in ("/programmes/?page=a&x=1", "/programmes/?page=9", "/x/"):
        validator(found, schema).validate(client.get(API + path).json())


@pytest.mark.thorough
@pytest.mark.parametrize("lang", [*LANGUAGES, "all"])
def test_every_row_of_the_demonstration_is_as_described(client: Client, lang: str):
    load_demonstration()
    found, strangers = document(client), Strangers(client)

    for dataset in datasets():
        way = f"{API}/figures/{dataset.name}/" if dataset.figure else f"{API}/{dataset.name}/"
        schema = whole_row_schema(dataset, lang)
        described = validator(found, found["components"]["schemas"][dataset.name])
        complete = validator(found, schema)
        address = f"{way}?lang={lang}&page_size=100"
        while address:
            page = strangers.get(address.removeprefix("http://localhost:8000")).json()
            for row in page["results"]:
                described.validate(row)
                complete.validate(row)
            address = page["next"]


@pytest.mark.thorough
def test_every_row_of_the_demonstration_has_an_address(client: Client):
    load_demonstration()
    strangers = Strangers(client)

    for dataset in datasets():
        if dataset.figure:
            continue
        page = strangers.get(f"{API}/{dataset.name}/?page_size=100").json()
        keys = [str(row[dataset.key]) for row in page["results"]]
        assert len(keys) == len(set(keys)), dataset.name
        for key, row in list(zip(keys, page["results"], strict=True))[:5]:
            answer = strangers.get(f"{API}/{dataset.name}/{key}/")
            assert answer.json() == row, (dataset.name, key)


def test_registered_names_leave_the_api_its_own_addresses():
    assert not {each.name for each in datasets()} & {"codes", "figures"}
