"""Answers that scripts on the pages of other hosts may read: everybody may read them."""

from typing import TypeVar

from django.http import HttpResponseBase

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Content-Disposition, Content-Language, ETag, Last-Modified, Retry-After"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}

Answer = TypeVar("Answer", bound=HttpResponseBase)


def for_everybody(response: Answer) -> Answer:
    for name, value in CORS.items():
        response.headers[name] = value
    return response
