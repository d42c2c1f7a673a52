"""Moments on pages, in Korea time."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oda_portal.publishing import times

register = template.Library()


@register.filter
def korea_moment(moment: datetime) -> SafeString:
    """The moment in words, with the same for machines."""
    return format_html(
        '<time class="moment" datetime="{}">{}</time>',
        moment.isoformat(timespec="minutes"),
        times.korea_moment(moment),
    )


@register.filter
def korea_day(moment: datetime) -> SafeString:
    return format_html(
        '<time class="moment" datetime="{}">{}</time>',
        moment.isoformat(timespec="minutes"),
        times.korea_day(moment),
    )
