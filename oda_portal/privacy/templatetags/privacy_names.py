"""What the log knows by kind and number, in words and as links."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from oda_portal.privacy.admin.access import link_to, name_of
from oda_portal.privacy.models import Act

register = template.Library()


@register.filter
def kind_name(label: str) -> str:
    return name_of(label)


@register.filter
def act_name(act: str) -> str:
    return str(Act(act).label)


@register.simple_tag
def record_link(label: str, number: int) -> SafeString | str:
    return link_to(label, number)
