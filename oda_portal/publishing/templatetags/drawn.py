"""Parts of pages that are drawn once for all pages of a language."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from oda_portal.publishing.pieces import pieces

register = template.Library()


class DrawnNode(template.Node):
    def __init__(self, name: str, by: list[Any], inside: template.NodeList) -> None:
        self.name, self.by, self.nodelist = name, by, inside

    def render(self, context: template.Context) -> SafeString:
        drawn = pieces()
        key = (self.name, *(each.resolve(context) for each in self.by))
        if key not in drawn:
            drawn[key] = self.nodelist.render(context)
        return drawn[key]


@register.tag
def drawn(parser: template.base.Parser, token: template.base.Token) -> DrawnNode:
    """`{% drawn "menu" chrome.section %} … {% enddrawn %}`

    For what is the same on all pages but for the language and the values after the name, of which
    there must be few: what visitors can make up has no place there.
    """
    _tag, name, *by = token.split_contents()
    inside = parser.parse(("enddrawn",))
    parser.delete_first_token()
    return DrawnNode(name.strip("\"'"), [parser.compile_filter(each) for each in by], inside)
