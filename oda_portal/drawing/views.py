from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from oda_portal.pages.furniture import home_point

from .frames import FRAMES, frame_base
from .maps import world_base
from .responses import svg_response


@require_safe
def world(request: HttpRequest) -> HttpResponse:
    """The world seen from the office's city, without words: one address for all languages."""
    return svg_response(request, world_base(home_point()))


@require_safe
def region(request: HttpRequest, name: str) -> HttpResponse:
    """A region of the world, without words: one address for all languages."""
    if name not in FRAMES:
        raise Http404
    return svg_response(request, frame_base(name, home_point()))
