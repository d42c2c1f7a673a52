"""How long one stays signed in, on every page of one's own."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from oda_portal.accounts.sessions import limits_of, seconds_left

register = template.Library()


@register.inclusion_tag("accounts/session.html", takes_context=True)
def session_limits(context: Context) -> dict[str, Any]:
    """The line at the foot, and the warning that the script shows in time.

    Never on a public page: it asks who is there.
    """
    request = context["request"]
    seconds = seconds_left(request)
    if seconds is None:
        return {}
    limits = limits_of(request.user)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "seconds": seconds,
        "idle_minutes": limits.idle // 60,
        "warning": limits.warning,
        "warning_minutes": range(limits.warning // 60, 0, -1),
    }
