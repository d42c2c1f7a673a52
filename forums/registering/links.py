"""Pages behind the links that people get by mail; looking at them changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from ..models import Forum, Registration
from . import addresses
from .views import register_with

if TYPE_CHECKING:
    from oda_portal.mail.models import Message


def open_form(request: HttpRequest, message: Message) -> HttpResponse:
    """The form for the address that the mail went to; or what became of it."""
    forum = message.about
    if not isinstance(forum, Forum):
        raise Http404
    return register_with(request, forum, email=message.to, language=message.language)


def open_own(request: HttpRequest, message: Message) -> HttpResponse:
    registration = message.about
    if not isinstance(registration, Registration):
        raise Http404
    return redirect(addresses.path_to(registration))
