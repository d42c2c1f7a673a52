"""What went wrong, as programs read it: RFC 9457."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from oda_portal.languages import HTML_LANG

from .asking import BadQueryError, Fault
from .sharing import CORS

CONTENT_TYPE = "application/problem+json"
# All addresses below it answer programs, also where they answer that there is nothing.
BASE = "/data/api/v1/"


@dataclass
class RefusedError(Exception):
    """Answered with `status`; `title` and `detail` are for the reader in the active language."""

    status: int
    title: str
    detail: str
    faults: Sequence[Fault] = ()
    headers: dict[str, str] = field(default_factory=dict)


def is_for_programs(request: HttpRequest) -> bool:
    return request.path_info.startswith(BASE)


def not_found(detail: str) -> RefusedError:
    return RefusedError(404, _("There is nothing at this address."), detail)


def bad_query(wrong: BadQueryError) -> RefusedError:
    return RefusedError(
        400,
        _("The address has a parameter or a value that does not exist."),
        str(wrong),
        wrong.faults,
    )


def too_many(limit: int, seconds: int = 60) -> RefusedError:
    detail = _("One IP address may send %(n)s requests a minute. Please wait a minute.")
    wait = {"Retry-After": str(seconds)}
    return RefusedError(429, _("Too many requests."), detail % {"n": limit}, headers=wait)


def problem_response(refused: RefusedError) -> HttpResponse:
    """In the active language; nobody keeps it. Asks neither database nor cache."""
    content = {
        "type": "about:blank",
        "title": refused.title,
        "status": refused.status,
        "detail": refused.detail,
    }
    if refused.faults:
        content["errors"] = [
            {"parameter": each.parameter, "detail": each.message} for each in refused.faults
        ]
    return HttpResponse(
        json.dumps(content, ensure_ascii=False),
        status=refused.status,
        content_type=CONTENT_TYPE,
        headers={
            **CORS,
            "Cache-Control": "no-store",
            "Content-Language": HTML_LANG[translation.get_language() or settings.LANGUAGE_CODE],
            **refused.headers,
        },
    )


def failure(status: int) -> HttpResponse:
    """For what fails outside the API’s own code, before the language was read."""
    if status == 400:
        title, detail = _("The request cannot be understood."), _("Check the address.")
    else:
        title = _("The portal cannot answer at the moment.")
        detail = _("Please try again in a few minutes.")
    return problem_response(RefusedError(status, title, detail))
