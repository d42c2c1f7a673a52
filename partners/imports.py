"""What of this app can be filled from a spreadsheet."""

from __future__ import annotations

from oda_portal.spreadsheets.importing.registry import Importable, register

from .models import Agreement, City, Country, Organisation

IMPORTABLES = (
    Importable(
        Organisation,
        columns=(
            "slug", "name", "abbreviation", "about", "legal_name", "predecessors", "kind",
            "label", "country", "parent", "url", "org_ref", "chinese_name_is_ours",
            "editor_note", "sources", "department",
        ),
        key=("slug",),
        named_by="name",
        twins=("name", "country"),
    ),
    Importable(
        City,
        columns=(
            "slug", "name", "intro", "native_name", "native_language", "relation", "agreed_on",
            "agreed_precision", "country", "latitude", "longitude", "sources", "department",
        ),
        key=("slug",),
        named_by="name",
        twins=("name", "country"),
    ),
    Importable(
        Agreement,
        columns=(
            "slug", "title", "summary", "parties", "cities", "signed_on", "precision",
            "valid_until", "sources", "department",
        ),
        key=("slug",),
        named_by="title",
        twins=("title", "signed_on"),
    ),
    Importable(
        Country,
        columns=(
            "code", "alpha3", "numeric", "name", "dac_group", "dac_valid_from", "latitude",
            "longitude",
        ),
        key=("code",),
        named_by="name",
        twins=("name",),
    ),
)  # fmt: skip


def register_all() -> None:
    for importable in IMPORTABLES:
        register(importable)
