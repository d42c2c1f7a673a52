"""Drawings as answers of their own address."""

import gzip
import hashlib
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

# A day without asking, then a week in which the old drawing is shown while the browser asks.
CACHE_CONTROL = "public, max-age=86400, stale-while-revalidate=604800"


def svg_response(request: HttpRequest, svg: str) -> HttpResponse:
    """A drawing, packed where the browser takes it; 304 where it has it already."""
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        _packed(svg) if packs else svg.encode(),
        content_type="image/svg+xml",
        headers={"Cache-Control": CACHE_CONTROL, "ETag": _etag(svg), "Vary": "Accept-Encoding"},
    )
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    return get_conditional_response(request, etag=_etag(svg), response=response) or response


@lru_cache(maxsize=16)
def _packed(svg: str) -> bytes:
    return gzip.compress(svg.encode(), mtime=0)


@lru_cache(maxsize=256)
def _etag(svg: str) -> str:
    # Weak: the packed bytes and the plain ones share it.
    return f'W/"{hashlib.sha256(svg.encode()).hexdigest()[:24]}"'
