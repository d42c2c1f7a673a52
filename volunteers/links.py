"""The mailed link with which a form is begun, or gone on with, before signing up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from . import access, actions
from .models import Application, Call

if TYPE_CHECKING:
    from oda_portal.mail.models import Message


def _has_applied(email: str, call: Call) -> bool:
    """Whether the account with this verified address has an application to the call already."""
    holders = EmailAddress.objects.filter(email=email.lower(), verified=True).values("user")
    return Application.objects.filter(call=call, volunteer__user__in=holders).exists()


def open_draft(request: HttpRequest, message: Message) -> HttpResponse:
    """A page with one button; a mail scanner that only looks begins nothing."""
    about = message.about
    call = about.call if isinstance(about, Application) else about
    if not isinstance(call, Call) or not call.is_public():
        raise Http404
    if not call.is_open():
        return render(request, "volunteers/not_open.html", {"call": call}, status=409)
    if request.method != "POST":
        return render(request, "volunteers/open_draft.html", {"call": call, "email": message.to})
    if _has_applied(message.to, call):
        return redirect_to_login(reverse("volunteers:begin", args=[call.slug]))
    # Whoever followed the link has the address: signing up with it needs no second mail.
    get_adapter().stash_verified_email(request, message.to)
    application = actions.begin_without_account(call, email=message.to, language=message.language)
    access.remember_draft(request, application)
    access.remember_check(request, call)
    return redirect("volunteers:begin", slug=call.slug)
