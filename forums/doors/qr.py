"""What a ticket shows at the door: its address as a QR code, which any phone's camera opens."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno
from django.conf import settings
from django.urls import reverse

from oda_portal.languages import path_in

if TYPE_CHECKING:
    from forums.models import Registration


def qr_address(registration: Registration) -> str:
    """The staff's page about this ticket; it opens for staff alone and says so to others.

    `registration.forum` is read: select it along with many.
    """
    ticket = reverse("forums:check_in_ticket", args=[registration.forum.slug, registration.number])
    # Whoever stands at the door reads on in their own language.
    return settings.SITE_URL + path_in(ticket, settings.LANGUAGE_CODE)


def qr_svg(registration: Registration) -> str:
    """One `<svg>` without colours of its own making or styles, for an `<img>` or a page."""
    out = io.BytesIO()
    code = segno.make(qr_address(registration), error="m", micro=False)
    code.save(out, kind="svg", border=4, xmldecl=False, svgclass=None, lineclass=None, light="#fff")
    return out.getvalue().decode()
