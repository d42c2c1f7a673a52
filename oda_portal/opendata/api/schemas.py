"""JSON Schema (2020-12) of rows, made from their columns."""

from __future__ import annotations

from typing import Any

from oda_portal.opendata.columns import ALL, Column, Type, in_language
from oda_portal.opendata.registry import Dataset

Schema = dict[str, Any]

TYPES: dict[Type, Schema] = {
    Type.STRING: {"type": "string"},
    Type.INTEGER: {"type": "integer"},
    Type.NUMBER: {"type": "number"},
    Type.BOOLEAN: {"type": "boolean"},
    Type.DATE: {"type": "string", "format": "date"},
    Type.MOMENT: {"type": "string", "format": "date-time"},
    Type.ADDRESS: {"type": "string", "format": "uri"},
    Type.LIST: {"type": "array", "items": {"type": ["string", "number"]}},
}


def row_schema(dataset: Dataset) -> Schema:
    """What any answer may say of a row: `fields` leaves columns out, `lang=all` names others."""
    single = in_language(dataset.columns, "")
    columns = {column.name: column for column in [*single, *in_language(dataset.columns, ALL)]}
    return {
        "type": "object",
        "description": str(dataset.about),
        "properties": {name: column_schema(column) for name, column in columns.items()},
        "additionalProperties": False,
    }


def whole_row_schema(dataset: Dataset, language: str) -> Schema:
    """What a row says when `fields` leaves nothing out, for a value of `lang`."""
    columns = {column.name: column for column in in_language(dataset.columns, language)}
    properties = {name: column_schema(column) for name, column in columns.items()}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def column_schema(column: Column) -> Schema:
    schema: Schema = {**TYPES[column.type], "description": str(column.about)}
    codes = [str(code) for code, _label in column.codes or () if code not in ("", None)]
    if codes and column.type is Type.STRING:
        schema["enum"] = codes
    if column.nullable:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema


def envelope_schema(row: str) -> Schema:
    """A page of rows; `row` is the address of their schema in the document."""
    address = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "properties": {
            "count": {"type": "integer", "minimum": 0},
            "next": address,
            "previous": address,
            "page": {"type": "integer", "minimum": 1},
            "page_size": {"type": "integer", "minimum": 1},
            "results": {"type": "array", "items": {"$ref": row}},
        },
        "required": ["count", "next", "previous", "page", "page_size", "results"],
        "additionalProperties": False,
    }


PROBLEM: Schema = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"parameter": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["parameter", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}

_ENTRY: Schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "title": {"type": "string"},
        "about": {"type": "string"},
        "url": {"type": "string", "format": "uri"},
        "page": {"type": "string", "format": "uri"},
    },
    "required": ["name", "title", "about", "url"],
    "additionalProperties": False,
}
_ENTRIES: Schema = {"type": "array", "items": {"$ref": "#/components/schemas/entry"}}
INDEX: Schema = {
    "type": "object",
    "properties": {
        "version": {"type": "string"},
        "documentation": {"type": "string", "format": "uri"},
        "openapi": {"type": "string", "format": "uri"},
        "licence": {"type": "string", "format": "uri"},
        "datasets": _ENTRIES,
        "figures": _ENTRIES,
        "codes": _ENTRIES,
    },
    "required": [
        *("version", "documentation", "openapi", "licence"),
        *("datasets", "figures", "codes"),
    ],
    "additionalProperties": False,
}
SHARED = {"problem": PROBLEM, "entry": _ENTRY, "index": INDEX}
