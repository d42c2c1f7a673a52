"""What somebody had written when their time ran out comes back after they sign in again.

The form is kept in the new session of the same browser, shown again only to the same person, and
sent only when that person says so.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.privacy.ciphers import CannotDecryptError, decrypt, encrypt
from oda_portal.privacy.numbers import holds_resident_number

from .sessions import is_background

KEPT = "kept_form"
MAX_LETTERS = 200_000
MAX_SECONDS = 60 * 60
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105


class SignInAgainMiddleware:
    """Whose time ran out is told so at the sign-in, and what they sent is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not hasattr(request, "signed_out_user") or not _leads_to_sign_in(response):
            return response
        messages.warning(
            request, _("You were signed out because you were away. Sign in again to continue.")
        )
        if not _keep(request):
            return response
        query = urlencode({"next": reverse("accounts:kept_form")})
        return redirect(f"{resolve_url(settings.LOGIN_URL)}?{query}")


def _leads_to_sign_in(response: HttpResponse) -> bool:
    address = urlsplit(response.headers.get("Location", "")).path
    doors = (resolve_url(settings.LOGIN_URL), reverse("admin:login"))
    return response.status_code == 302 and address in doors


def _keep(request: HttpRequest) -> bool:
    match = request.resolver_match
    is_of_the_account = match is not None and match.func.__module__.startswith("allauth.")
    if request.method != "POST" or is_background(request) or is_of_the_account:
        return False
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != _TOKEN and "password" not in name.lower()
        for value in values
        if not holds_resident_number(value)
    ]
    if not fields or sum(len(name) + len(value) for name, value in fields) > MAX_LETTERS:
        return False
    request.session[KEPT] = {
        "user": request.signed_out_user,  # type: ignore[attr-defined]
        "at": time.time(),
        "path": request.get_full_path(),
        # The session's table is no place for what a person writes.
        "fields": encrypt(json.dumps(fields, ensure_ascii=False)),
        "had_files": bool(request.FILES),
    }
    return True


def kept_form(request: HttpRequest) -> dict[str, Any] | None:
    """This person's form, or None; another's, an old one, one that no key opens is thrown away."""
    kept = request.session.get(KEPT)
    if kept is None:
        return None
    is_theirs = kept["user"] == request.user.pk and time.time() - kept["at"] < MAX_SECONDS
    try:
        fields = json.loads(decrypt(kept["fields"])) if is_theirs else None
    except CannotDecryptError:  # its key was changed and taken away since
        fields = None
    if fields is None:
        forget_form(request)
        return None
    return {**kept, "fields": fields}


def forget_form(request: HttpRequest) -> None:
    request.session.pop(KEPT, None)
