"""Renditions of public pictures, where nginx does not find them in a folder."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from oda_portal.files.models import Rendition
from oda_portal.files.pictures import TYPES
from oda_portal.files.storages import public_storage
from oda_portal.publishing.freshness import MICRO_CACHE


@require_safe
def rendition(request: HttpRequest, name: str) -> HttpResponseBase:
    """By its row: what was withdrawn is gone with it, even where its file cannot be deleted yet."""
    row = Rendition.objects.filter(file=name).first()
    if row is None:
        raise Http404
    # A rendition never changes: a new picture gets a new random name.
    etag = f'"{name.rpartition("/")[2]}"'
    response = get_conditional_response(request, etag=etag) or _file(row)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    # nginx keeps the picture, and asks again whether it still is one of the public.
    response.headers["X-Accel-Expires"] = str(MICRO_CACHE)
    return response


def _file(row: Rendition) -> HttpResponseBase:
    try:
        file = public_storage().open(str(row.file.name))
        return FileResponse(file, content_type=TYPES[Rendition.Format(row.format)])
    except FileNotFoundError as error:
        raise Http404 from error
