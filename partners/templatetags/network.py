"""The way between the members’ pages."""

from __future__ import annotations

from django import template
from django.http import HttpRequest

from partners.network.panels import Shown, tabs

register = template.Library()


@register.simple_tag
def member_tabs(request: HttpRequest) -> list[Shown]:
    """The lists that members go to, with the one that is shown."""
    match = request.resolver_match
    return tabs(match.view_name if match else "")
