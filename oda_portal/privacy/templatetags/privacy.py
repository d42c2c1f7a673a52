"""What the consent box needs to know of its text."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import translation

from oda_portal.languages import HTML_LANG
from oda_portal.privacy.models import ConsentText

register = template.Library()


@register.simple_tag
def shown_text(text: ConsentText) -> dict[str, Any]:
    """The text for this reader, with its language where that is not the page's."""
    shown = text.shown()
    foreign = shown.language != translation.get_language()
    return {"text": shown, "html_lang": HTML_LANG[shown.language] if foreign else ""}
