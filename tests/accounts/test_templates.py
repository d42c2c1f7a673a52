"""Every page of allauth that the portal has an address for is drawn by the portal's own template."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver

# Where the settings lead nobody: without codes by mail its view sends on at once.
NOT_REACHED = {"account_confirm_login_code"}


def pages() -> dict[str, str]:
    """The template of each view of allauth, by the name of its address."""
    found = {}
    waiting = list(get_resolver().url_patterns)
    for pattern in waiting:
        waiting += getattr(pattern, "url_patterns", [])
        view = getattr(getattr(pattern, "callback", None), "view_class", None)
        template = getattr(view, "template_name", None) or ""
        if template.endswith(".html") and view.__module__.startswith("allauth."):
            found[pattern.name] = template
    return found


def test_every_page_of_allauth_is_the_portals_own():
    own = settings.BASE_DIR / "templates"
    found = pages()

    stock = {
        address
        for address, template in found.items()
        if not Path(get_template(template).origin.name).is_relative_to(own)
    }

    assert {"account_login", "account_email", "account_reset_password"} <= set(found)
    assert stock == NOT_REACHED
