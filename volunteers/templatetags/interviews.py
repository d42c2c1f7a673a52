"""What the page of an application says of its interview."""

from __future__ import annotations

from django import template

from volunteers.interviews import Standing, standing
from volunteers.models import Application

register = template.Library()


@register.simple_tag
def interview_of(application: Application) -> Standing | None:
    return standing(application)
