"""The OpenAPI 3.1 document: made from the registry, so that it says what is answered."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.languages import absolute
from oda_portal.opendata.problems import BASE, CONTENT_TYPE
from oda_portal.opendata.registry import Dataset, datasets
from oda_portal.opendata.terms import LICENCE

from . import parameters
from .codes import code_lists
from .schemas import SHARED, envelope_schema, row_schema

FIGURES, CODES = "figures", "codes"

Operation = dict[str, Any]


def openapi() -> dict[str, Any]:
    """In the active language."""
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": [{"url": absolute(BASE.removesuffix("/"))}],
        "externalDocs": {"url": absolute(reverse("api_docs"))},
        "tags": [
            {"name": "datasets", "description": _("What the portal shows, row by row.")},
            {"name": FIGURES, "description": _("What the datasets add up to.")},
            {"name": CODES, "description": _("What codes in the datasets mean.")},
            {"name": "about", "description": _("The API itself.")},
        ],
        "paths": _paths(),
        "components": {
            "schemas": {**SHARED, **_schemas()},
            "responses": _responses(),
        },
    }


def _info() -> dict[str, Any]:
    return {
        "title": _("Open data API"),
        "version": "1",
        "description": _(
            "Read only, without a key. An address that is described here stays as it is;"
            " new columns, filters and datasets may come to it."
        ),
        "license": {
            "name": _("Korea Open Government License (KOGL), Type 1: credit the source."),
            "url": LICENCE,
        },
    }


def _paths() -> dict[str, Any]:
    paths = {
        "/": _path("index", _("Overview of the API"), "about", [], "#/components/schemas/index"),
        "/openapi.json": _path("openapi", _("This document"), "about", [], ""),
    }
    for dataset in datasets():
        if dataset.figure:
            paths[f"/{FIGURES}/{dataset.name}/"] = _list(dataset, FIGURES)
        else:
            paths[f"/{dataset.name}/"] = _list(dataset, "datasets")
            paths[f"/{dataset.name}/{{{dataset.key}}}/"] = _row(dataset)
    for name, codes in code_lists().items():
        paths[f"/{CODES}/{name}/"] = _list(codes, CODES)
    return paths


def _list(dataset: Dataset, tag: str) -> Operation:
    found = _path(
        f"{tag}_{dataset.name}",
        str(dataset.title),
        tag,
        [*parameters.of_list(dataset), parameters.lang()],
        f"#/components/schemas/{_page_name(dataset, tag)}",
    )
    found["get"]["description"] = str(dataset.about)
    found["get"]["responses"]["404"] = {"$ref": "#/components/responses/not_found"}
    return found


def _row(dataset: Dataset) -> Operation:
    found = _path(
        f"row_of_{dataset.name}",
        _("One row of: %(dataset)s") % {"dataset": dataset.title},
        "datasets",
        [parameters.key(dataset), parameters.fields(dataset), parameters.lang()],
        f"#/components/schemas/{dataset.name}",
    )
    found["get"]["responses"]["404"] = {"$ref": "#/components/responses/not_found"}
    return found


def _path(
    operation: str, summary: str, tag: str, asked: list[parameters.Parameter], answer: str
) -> Operation:
    schema = {"$ref": answer} if answer else {"type": "object"}
    asked = asked or [parameters.lang(all_of_them=False)]
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "tags": [tag],
            "parameters": [*asked, parameters.accept_language()],
            "responses": {
                "200": _answer(schema),
                "304": {"$ref": "#/components/responses/not_modified"},
                "400": {"$ref": "#/components/responses/bad_query"},
                "406": {"$ref": "#/components/responses/not_acceptable"},
                "429": {"$ref": "#/components/responses/too_many"},
            },
        }
    }


def _answer(schema: dict[str, Any]) -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "description": _("The requested data."),
        "headers": {
            "ETag": {"schema": text, "description": _("Send it back as If-None-Match.")},
            "Content-Language": {"schema": text},
        },
        "content": {"application/json": {"schema": schema}},
    }


def _responses() -> dict[str, Any]:
    too_many = _problem(_("More requests than one IP address may send in a minute."))
    too_many["headers"] = {
        "Retry-After": {"schema": {"type": "integer"}, "description": _("In seconds.")}
    }
    return {
        "not_modified": {"description": _("Nothing changed since the ETag that was sent.")},
        "bad_query": _problem(_("Unknown parameters or values, each with its name.")),
        "not_found": _problem(_("There is no such row or page.")),
        "not_acceptable": _problem(_("A format other than JSON was asked for.")),
        "too_many": too_many,
    }


def _problem(about: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/problem"}
    return {"description": about, "content": {CONTENT_TYPE: {"schema": schema}}}


def _schemas() -> dict[str, Any]:
    """A row and a page of each dataset; all code lists have the same."""
    found: dict[str, Any] = {}
    for dataset in datasets():
        tag = FIGURES if dataset.figure else "datasets"
        found[dataset.name] = row_schema(dataset)
        found[_page_name(dataset, tag)] = envelope_schema(f"#/components/schemas/{dataset.name}")
    for codes in list(code_lists().values())[:1]:
        row = row_schema(codes)
        row["description"] = _("A code and what it means.")
        found["code"] = row
        found["page_of_codes"] = envelope_schema("#/components/schemas/code")
    return found


def _page_name(dataset: Dataset, tag: str) -> str:
    return "page_of_codes" if tag == CODES else f"page_of_{dataset.name}"
