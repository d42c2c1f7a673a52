"""Response headers that neither Django nor django-csp sets, and addresses that no page has."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .errors import bad_request

HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class RefuseNulMiddleware:
    """No address of ours holds a NUL, and none may be echoed into a page.

    Lists answer for their own filters, which name what they did not understand.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "\x00" in request.GET.get("next", ""):
            return bad_request(request)
        return self.get_response(request)


class SecurityHeadersMiddleware:
    """Adds HEADERS to every answer that does not carry its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
