"""The IATI standard 2.03 as files; where they are from stands in NOTICE.md beside them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
ACTIVITIES_SCHEMA = "iati-activities-schema.xsd"
ORGANISATIONS_SCHEMA = "iati-organisations-schema.xsd"
# They import each other by name, and so stay in one folder.
SCHEMAS = (ACTIVITIES_SCHEMA, ORGANISATIONS_SCHEMA, "iati-common.xsd", "xml.xsd")


@cache
def code_lists() -> dict[str, Any]:
    """`{list: {"complete": bool, "codes": {code: [English name, "withdrawn"?]}}}`"""
    return _read("codes.json")


@cache
def mapping() -> list[dict[str, str]]:
    """Which place of a file takes its codes from which list, and on what condition."""
    return _read("mapping.json")


@cache
def rules() -> dict[str, Any]:
    """The standard ruleset: by XPath of the context, by kind of rule, its cases."""
    return _read("rules.json")


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
