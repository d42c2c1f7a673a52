"""When an article was registered, as far as that is known."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from news.models import Article
from news.models.articles import Registered
from oda_portal.publishing.templatetags.texts import day

register = template.Library()


@register.filter
def registered_at(article: Article) -> SafeString | str:
    """To the minute, the day or the month: what is known and no more."""
    if article.registered_precision == Registered.TIME:
        return minute(article.registered_at)
    return registered_on(article)


@register.filter
def registered_on(article: Article) -> SafeString | str:
    """The day, or the month where no more is known: for lists."""
    return day(article.registered_at, article.precision)


@register.filter
def minute(moment: datetime) -> SafeString:
    """Day and time in Korea."""
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}">{}</time>',
        local.isoformat(timespec="minutes"),
        formats.date_format(local, "DATETIME_FORMAT"),
    )
