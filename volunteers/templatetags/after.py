"""What the page of an application offers after the deployment."""

from __future__ import annotations

from django import template

from volunteers.models import Application
from volunteers.service.after import After, after_of

register = template.Library()


@register.simple_tag
def after(application: Application) -> After | None:
    """None as long as the volunteering is not complete."""
    return after_of(application)
