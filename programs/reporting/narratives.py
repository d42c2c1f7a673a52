"""Texts as IATI takes them: one language each, without markup."""

from __future__ import annotations

from typing import Any

from oda_portal.opendata.iati.activity import LANGUAGES
from oda_portal.publishing.models import language_column
from oda_portal.publishing.texts import in_lines, without_controls
from programs.models import Program


def narratives(row: Any, field: str) -> dict[str, str]:
    """The texts that there are by IATI's codes of languages; nothing falls back to another."""
    texts = {
        name: without_controls(getattr(row, language_column(field, code)) or "").strip()
        for code, name in LANGUAGES.items()
    }
    return {name: text for name, text in texts.items() if text}


def descriptions(program: Program) -> dict[str, str]:
    """The summary, and below it what the page says at length."""
    summaries = narratives(program, "summary")
    bodies = {name: in_lines(html).strip() for name, html in narratives(program, "body").items()}
    texts = {
        name: [text for text in (summaries.get(name), bodies.get(name)) if text]
        for name in LANGUAGES.values()
    }
    return {name: "\n\n".join(found) for name, found in texts.items() if found}
