"""The pictures with which pages are shared."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from oda_portal.languages import HTML_LANG
from oda_portal.pages.limits import may_act

from .keeping import BusyError, Drawn, draw, kept
from .registry import Card, portal_picture, public_card

CODES = {name: code for code, name in HTML_LANG.items()}
# Kept by whoever asked, and shown only after asking again: a page may be withdrawn.
CACHE_CONTROL = "public, no-cache"
# How many pictures are drawn for one address in a minute; those that are kept count for nothing.
MOST_DRAWN, WINDOW = 60, 60


@require_safe
def shared_picture(request: HttpRequest, kind: str, key: str, lang: str) -> HttpResponse:
    """The picture of what is public now, in one language; drawn when it is first asked for."""
    code = CODES[lang]
    with translation.override(code):
        card = public_card(kind, key)
        if card is None:
            raise Http404
        found = kept(card, code) or _drawn(request, card, code)
        if found is None:
            return _for_now(code)
    etag = f'"{found.digest}"'
    response = _sent(found, code, {"Cache-Control": CACHE_CONTROL, "ETag": etag})
    return get_conditional_response(request, etag=etag, response=response) or response


def _drawn(request: HttpRequest, card: Card, code: str) -> Drawn | None:
    """None where others are being drawn, or this address has had too many drawn."""
    if not may_act(request, "share", limit=MOST_DRAWN, seconds=WINDOW):
        return None
    try:
        return draw(card, code)
    except BusyError:
        return None


def _for_now(code: str) -> HttpResponse:
    """The portal's picture, which nobody is to keep: the page's own is drawn for the next reader.

    Whoever makes a preview of a page keeps it for days, and after an error without any picture.
    """
    found = kept(portal_picture().card, code)
    if found is None:
        return HttpResponse(status=503, headers={"Retry-After": str(WINDOW)})
    return _sent(found, code, {"Cache-Control": "no-store"})


def _sent(found: Drawn, code: str, headers: dict[str, str]) -> HttpResponse:
    return HttpResponse(
        found.content,
        content_type="image/png",
        headers={
            **headers,
            "Content-Language": HTML_LANG[code],
            # It is there to be shown on other sites.
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )
