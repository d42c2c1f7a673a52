"""What of this app can be filled from a spreadsheet."""

from __future__ import annotations

from oda_portal.spreadsheets.importing.registry import Importable, register

from .models import Article
from .models.articles import RESERVED_SLUGS


def register_all() -> None:
    register(
        Importable(
            Article,
            columns=(
                "slug", "kind", "ours", "title", "summary", "body", "byline", "registered_at",
                "registered_precision", "revised_at", "revision", "pinned", "licence",
                "programs", "countries", "cities", "organisations", "themes", "sources",
                "editor_note", "department",
            ),
            key=("slug",),
            named_by="title",
            twins=("title", "kind"),
            reserved=RESERVED_SLUGS,
        )
    )  # fmt: skip
