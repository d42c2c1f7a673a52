"""What of this app can be filled from a spreadsheet."""

from __future__ import annotations

from oda_portal.spreadsheets.importing.registry import Importable, register

from .models import Faq


def register_all() -> None:
    register(
        Importable(
            Faq,
            columns=("slug", "topic", "question", "answer", "position", "department"),
            key=("slug",),
            named_by="question",
            twins=("topic", "question"),
        )
    )
