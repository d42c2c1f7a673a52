"""Where staff work from: ADMIN_ADDRESSES, or everywhere when it names nothing.

From elsewhere there is no back office, and nobody is staff: a staff account cannot be signed in
there, and one that is signed in is nobody as long as it is outside.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from oda_portal.errors import not_found
from oda_portal.languages import bare_path
from oda_portal.networks import is_in
from oda_portal.pages.limits import caller


def is_inside(request: HttpRequest) -> bool:
    """By the address that the trusted proxies name; what a visitor claims does not count."""
    return not settings.ADMIN_ADDRESSES or is_in(caller(request), settings.ADMIN_ADDRESSES)


class InsideMiddleware:
    """The whole back office is an address like any that there is not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = bare_path(request.path_info)
        if (path == "/admin" or path.startswith("/admin/")) and not is_inside(request):
            return not_found(request)
        return self.get_response(request)
