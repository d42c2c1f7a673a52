"""Whoever follows a personal link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from . import links
from .kinds import Kind, kind_of
from .models import Message


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Hand over to the kind's own page; a link that opens nothing says why."""
    message = links.find(token)
    response = _answer(request, message) if message else _broken(request)
    # Without the token, for anybody. "no-referrer" would also empty the origin of the page's own
    # form, and the check against forged requests refuses that.
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _answer(request: HttpRequest, message: Message) -> HttpResponse:
    try:
        kind = kind_of(message.kind)
    except KeyError:
        return _broken(request)
    if message.link_used_at:
        return _used(request)
    if links.is_expired(message):
        return _expired(request, kind)
    return kind.opens(request, message) if kind.opens else _broken(request)


def _broken(request: HttpRequest) -> HttpResponse:
    return _closed(
        request,
        404,
        _("This link does not work"),
        _("This address is incomplete. Copy the whole address from the email."),
    )


def _used(request: HttpRequest) -> HttpResponse:
    return _closed(
        request,
        410,
        _("This link no longer works"),
        _("This link has already been used. Sign in to check."),
        (_("Sign in"), reverse("account_login")),
    )


def _expired(request: HttpRequest, kind: Kind) -> HttpResponse:
    button = (_("Ask for a new link"), reverse(kind.renew)) if kind.renew else None
    return _closed(
        request,
        410,
        _("This link no longer works"),
        _("This link has expired. Ask for a new one by email."),
        button,
    )


def _closed(
    request: HttpRequest,
    status: int,
    title: str,
    sentence: str,
    button: tuple[str, str] | None = None,
) -> HttpResponse:
    context = {"title": title, "sentence": sentence, "button": button}
    return render(request, "mail/link_closed.html", context, status=status)
