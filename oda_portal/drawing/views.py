from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from oda_portal.pages.furniture import home_point

from .maps import world_base
from .responses import svg_response


@require_safe
def world(request: HttpRequest) -> HttpResponse:
    """The world seen from the office's city, without words: one address for all languages."""
    return svg_response(request, world_base(home_point()))
