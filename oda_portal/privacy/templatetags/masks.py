"""For pages of staff that name many people: an address as lists show it."""

from __future__ import annotations

from django import template

from oda_portal.privacy import masking

register = template.Library()


@register.filter
def masked_email(address: str) -> str:
    return masking.masked_email(address)
