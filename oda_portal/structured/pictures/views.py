"""The pictures with which pages are shared."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from oda_portal.languages import HTML_LANG

from .keeping import BusyError, picture
from .registry import public_card

CODES = {name: code for code, name in HTML_LANG.items()}
# Kept by whoever asked, and shown only after asking again: a page may be withdrawn.
CACHE_CONTROL = "public, no-cache"


@require_safe
def shared_picture(request: HttpRequest, kind: str, key: str, lang: str) -> HttpResponse:
    """The picture of what is public now, in one language; drawn when it is first asked for."""
    code = CODES[lang]
    with translation.override(code):
        card = public_card(kind, key)
        if card is None:
            raise Http404
        try:
            content, digest = picture(card, code)
        except BusyError:
            return HttpResponse(status=503, headers={"Retry-After": "5"})
    etag = f'"{digest}"'
    response = HttpResponse(
        content,
        content_type="image/png",
        headers={
            "Cache-Control": CACHE_CONTROL,
            "ETag": etag,
            "Content-Language": lang,
            # It is there to be shown on other sites.
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )
    return get_conditional_response(request, etag=etag, response=response) or response
