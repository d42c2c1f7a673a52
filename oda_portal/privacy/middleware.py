"""Whatever page would destroy something that is on hold says so, and has changed nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats
from django.utils.translation import gettext as _

from .holding import HeldError
from .models import Hold


class TellHoldsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The transaction of the page is rolled back by then."""
        if not isinstance(error, HeldError):
            return None
        context = {"sentences": [_sentence(hold) for hold in error.holds]}
        return render(request, "privacy/held.html", context, status=409)


def _sentence(hold: Hold) -> str:
    return _("On hold until %(date)s. Ground: %(ground)s.") % {
        "date": formats.date_format(hold.until, "DATE_FORMAT"),
        "ground": hold.get_ground_display(),
    }
