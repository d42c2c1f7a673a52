"""Parts of pages that are drawn once for all pages of a language."""

from __future__ import annotations

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from oda_portal.publishing.pieces import pieces

register = template.Library()


class DrawnNode(template.Node):
    def __init__(
        self, name: str, by: list[FilterExpression], more: FilterExpression | None, inside: NodeList
    ) -> None:
        self.name, self.by, self.more, self.nodelist = name, by, more, inside

    def render(self, context: Context) -> SafeString:
        drawn = pieces()
        key = (self.name, *(each.resolve(context) for each in self.by))
        if (found := drawn.get(key)) is None:
            found = drawn[key] = self._drawn(context)
        return found

    def _drawn(self, context: Context) -> SafeString:
        more = self.more.resolve(context) if self.more else {}
        with context.push(**more):
            return self.nodelist.render(context)


@register.tag
def drawn(parser: Parser, token: Token) -> DrawnNode:
    """`{% drawn "menu" chrome.section %} … {% enddrawn %}`

    For what is the same on all pages but for the language and the values after the name: what
    visitors can make up, as an address with its query, has no place there or inside.

    `{% drawn "programme" program.pk with whole %}`: what stands in the mapping `whole` is known
    inside. A lazy one is made only when it is drawn.
    """
    words = token.split_contents()
    more = parser.compile_filter(words[-1]) if words[-2] == "with" else None
    _tag, name, *by = words[:-2] if more else words
    inside = parser.parse(("enddrawn",))
    parser.delete_first_token()
    return DrawnNode(name.strip("\"'"), [parser.compile_filter(each) for each in by], more, inside)
