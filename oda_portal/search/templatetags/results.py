"""Titles and snippets with what was found in them marked."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info

from oda_portal.languages import path_in
from oda_portal.search.results import Piece

register = template.Library()


@register.filter
def marked(pieces: list[Piece]) -> SafeString:
    parts = [
        format_html("<mark>{}</mark>", piece.text)
        if piece.marked
        else conditional_escape(piece.text)
        for piece in pieces
    ]
    return mark_safe("".join(parts))  # noqa: S308  (each part is escaped)


@register.filter
def path_in_language(url: str, code: str) -> str:
    """The same page in another language."""
    return path_in(url, code)


@register.filter
def language_name(code: str) -> str:
    """In the reader's language."""
    return str(get_language_info(code)["name_translated"])
