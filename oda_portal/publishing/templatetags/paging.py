"""The links of a pager, worked out at once: a template would put each address together anew."""

from __future__ import annotations

from typing import NamedTuple

from django import template
from django.core.paginator import Page
from django.template import Context
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()


class Step(NamedTuple):
    """A page of the list; without an address, dots that stand for two pages or more."""

    number: str = ""
    url: str = ""
    label: str = ""
    is_current: bool = False


class Pager(NamedTuple):
    steps: list[Step]
    previous_url: str
    next_url: str


@register.simple_tag(takes_context=True)
def pager_of(context: Context, page: Page) -> Pager:
    """The other parameters of the address stay as they are."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    before = f"?{query.urlencode()}&" if query else "?"
    of = getattr(page, "of", page.paginator.num_pages)

    def url(number: int) -> str:
        return f"{before}page={number}"

    def step(number: int) -> Step:
        if not number:
            return Step()
        label = _("Page %(page)s of %(total)s") % {"page": number_format(number), "total": of}
        return Step(number_format(number), url(number), label, number == page.number)

    return Pager(
        [step(number) for number in [*_before(page), page.number, *_after(page)]],
        url(page.number - 1) if page.has_previous() else "",
        url(page.number + 1) if page.has_next() else "",
    )


def _before(page: Page) -> list[int]:
    """First and previous page; 0 stands for dots."""
    previous = page.number - 1
    if previous < 2:
        return [previous] if previous else []
    between = [] if previous == 2 else [2] if previous == 3 else [0]
    return [1, *between, previous]


def _after(page: Page) -> list[int]:
    """Next and last page, where it is known how many there are."""
    if not page.has_next():
        return []
    following, last = page.number + 1, page.paginator.num_pages
    if getattr(page.paginator, "is_capped", False):
        return [following, 0]
    if following == last:
        return [following]
    left_out = last - following - 1
    between = [] if left_out == 0 else [last - 1] if left_out == 1 else [0]
    return [following, *between, last]
