"""Renditions of public pictures where no nginx stands in front."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.static import serve


def rendition(request: HttpRequest, name: str) -> HttpResponseBase:
    response = serve(request, name, document_root=str(settings.MEDIA_ROOT))
    # A rendition never changes: a new picture gets a new random name.
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
