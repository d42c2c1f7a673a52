"""What `prepare` and `check` refuse to start without."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from .ciphers import encrypt


@register(Tags.security)
def check_field_keys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The keys are there and are keys."""
    try:
        encrypt("")
    except ImproperlyConfigured as error:
        return [Error(str(error), obj=settings, id="privacy.E001")]
    return []
