"""`iati_standard FOLDER`: takes a newer edition of the IATI standard into the project."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from lxml import etree

from oda_portal.opendata.iati.standard import FOLDER, SCHEMAS

# Prefixes of organisations’ identifiers; no element is mapped to it, but a rule asks for it.
PREFIXES = "OrganisationRegistrationAgency"


class Command(BaseCommand):
    help = "Reduce code lists, mapping, rules and schemas of the IATI standard to what is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="with codelists/, rulesets/ and xsd/")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not (folder / "codelists" / "mapping.xml").is_file():
            raise CommandError(f"{folder} has no codelists/mapping.xml")
        mapping = _mapping(folder / "codelists" / "mapping.xml")
        names = sorted({PREFIXES, *(entry["list"] for entry in mapping)})
        lists = {name: _code_list(folder / "codelists" / f"{name}.xml") for name in names}
        _write("mapping.json", "[\n", mapping, "\n]\n")
        _write_lists(lists)
        _write("rules.json", "", [_rules(folder / "rulesets" / "standard.json")], "\n")
        for schema in SCHEMAS:
            _write_schema(folder / "xsd" / schema, FOLDER / "xsd" / schema)
        self.stdout.write(f"{len(lists)} code lists, {len(mapping)} mapped places")


def _mapping(path: Path) -> list[dict[str, str]]:
    found = []
    for entry in etree.parse(str(path)).getroot().iter("mapping"):
        names = [str(code_list.get("ref")) for code_list in entry.findall("codelist")]
        place = {"path": entry.findtext("path") or "", "list": names[0]}
        if condition := entry.findtext("condition"):
            place["condition"] = condition
        found.append(place)
    return found


def _code_list(path: Path) -> dict[str, Any]:
    """Code and name alone: descriptions of outside lists are not under IATI’s licence."""
    root = etree.parse(str(path)).getroot()
    codes: dict[str, list[str]] = {}
    for item in root.iter("codelist-item"):
        code, name = item.findtext("code"), item.findtext("name/narrative")
        if code and code.strip():
            withdrawn = ["withdrawn"] if item.get("status") == "withdrawn" else []
            codes[code.strip()] = [" ".join((name or code).split()), *withdrawn]
    return {"complete": root.get("complete", "1") == "1", "codes": codes}


def _rules(path: Path) -> Any:
    """The rules without addresses of guidance pages."""
    return json.loads(path.read_text(encoding="utf-8"), object_hook=_without_links)


def _without_links(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in ("link", "category")}


def _write_schema(path: Path, to: Path) -> None:
    """What is checked, without what is explained."""
    tree = etree.parse(str(path), etree.XMLParser(remove_comments=True, remove_blank_text=True))
    etree.strip_elements(tree, "{http://www.w3.org/2001/XMLSchema}annotation", with_tail=False)
    tree.write(str(to), encoding="utf-8", xml_declaration=True, pretty_print=True)


def _write(name: str, before: str, entries: list[Any], after: str) -> None:
    """One entry a line, so that a newer edition can be read as a difference."""
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    (FOLDER / name).write_text(before + lines + after, encoding="utf-8")


def _write_lists(lists: dict[str, dict[str, Any]]) -> None:
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(content, ensure_ascii=False, separators=(',', ':'))}"
        for name, content in lists.items()
    )
    (FOLDER / "codes.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")
