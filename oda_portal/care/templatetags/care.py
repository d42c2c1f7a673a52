"""What a record lacks, above its form."""

from __future__ import annotations

from typing import Any

from django import template
from django.db import models
from django.http import HttpRequest

from oda_portal.care import report
from oda_portal.care.models import Finding
from oda_portal.care.registry import cared_of

register = template.Library()


@register.simple_tag(takes_context=True)
def care_of(context: dict[str, Any], record: models.Model | None) -> dict[str, Any]:
    """Findings with the addresses of their fields, the open ones apart; one question.

    Nothing for a record that is new, that nobody looks after, or that is shown to somebody who
    has no business with its content.
    """
    request: HttpRequest = context["request"]
    user: Any = request.user
    if not isinstance(record, models.Model) or cared_of(record._meta.label_lower) is None:
        return {}
    may_act = user.has_perm("care.change_finding")
    if not may_act and not user.has_perm("care.view_finding"):
        return {}
    rows = Finding.objects.of(record).select_related("content_type", "set_aside_by")
    lines = [(row, report.address_of(row)) for row in rows]
    return {
        "open": [line for line in lines if line[0].is_open],
        "fine": [line for line in lines if not line[0].is_open],
        "may_act": may_act,
    }
