"""What the back office shows of the public site around its own pages: a name, and languages."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.translation import get_language

from oda_portal.chrome import in_languages
from oda_portal.pages import furniture

register = template.Library()


@register.simple_tag
def office_name() -> str:
    """The office's short name. `chrome` would ask for menu, banners and foot as well."""
    return furniture.office_name()


@register.simple_tag(takes_context=True)
def languages_here(context: Context) -> list[dict[str, Any]]:
    """This page in every language, as the switch of the public pages has it."""
    return in_languages(context["request"], get_language() or "")
