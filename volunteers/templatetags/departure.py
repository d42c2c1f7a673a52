"""The way from an application to what is to be done before departure."""

from __future__ import annotations

from django import template
from django.urls import reverse

from volunteers.models import Application, State
from volunteers.readiness import rules

register = template.Library()


@register.simple_tag
def departure_address(application: Application) -> str:
    """Empty as long as no place is certain, and for whoever is back for good."""
    if not rules.has_departure(application) or application.state == State.COMPLETED:
        return ""
    return reverse("volunteers:departure_detail", args=[application.uuid])
