"""The mailed link with which a form is begun, or gone on with, before signing up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from . import access, actions
from .models import Call

if TYPE_CHECKING:
    from oda_portal.mail.models import Message


def open_draft(request: HttpRequest, message: Message) -> HttpResponse:
    """A page with one button; a mail scanner that only looks begins nothing."""
    call = message.about
    if not isinstance(call, Call) or not call.is_public():
        raise Http404
    if not call.is_open():
        return render(request, "volunteers/not_open.html", {"call": call}, status=409)
    if request.method != "POST":
        return render(request, "volunteers/open_draft.html", {"call": call, "email": message.to})
    # Whoever followed the link has the address: signing up with it needs no second mail.
    get_adapter().stash_verified_email(request, message.to)
    application = actions.begin_without_account(call, email=message.to, language=message.language)
    access.remember_draft(request, application)
    access.remember_check(request, call)
    return redirect("volunteers:begin", slug=call.slug)
