"""What stands around the pages: of the public site in the back office, and below a page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from oda_portal.chrome import in_languages
from oda_portal.pages import furniture
from oda_portal.publishing.pieces import pieces

register = template.Library()

# Stands in what is drawn once for all pages where the address of a page belongs.
HERE = "(here)"


@register.simple_tag
def office_name() -> str:
    """The office's short name. `chrome` would ask for menu, banners and foot as well."""
    return furniture.office_name()


@register.simple_tag(takes_context=True)
def languages_here(context: Context) -> list[dict[str, Any]]:
    """This page in every language, as the switch of the public pages has it."""
    return in_languages(context["request"], get_language() or "")


@register.simple_tag
def satisfaction(path: str) -> SafeString:
    """The question below every page. Only the page’s address differs in it."""
    drawn = pieces()
    if (asked := drawn.get("satisfaction")) is None:
        asked = render_to_string("components/satisfaction.html", {"page": HERE})
        drawn["satisfaction"] = mark_safe(asked)  # noqa: S308  (a template)
    return mark_safe(asked.replace(HERE, quote(path)))  # noqa: S308  (nothing of HTML is left)
