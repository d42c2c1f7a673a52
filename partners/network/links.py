"""The page behind the link that whoever is invited gets by mail; looking at it changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ..models import Invitation, Membership
from . import actions
from .forms import DetailsForm

if TYPE_CHECKING:
    from oda_portal.accounts.models import User
    from oda_portal.mail.models import Message


def open_invitation(request: HttpRequest, message: Message) -> HttpResponse:
    """Who is signed in accepts or declines here; others sign in or sign up, and come back."""
    invitation = message.about
    if not isinstance(invitation, Invitation):
        raise Http404
    if not invitation.is_open():
        return _page(request, invitation)
    if request.method == "POST" and "decline" in request.POST:
        actions.decline(invitation, by=_who(request))
        return redirect(request.path)
    if not request.user.is_authenticated:
        return _through_the_door(request, invitation)
    form = DetailsForm(
        request.POST if request.method == "POST" else None, initial={"name": request.user.name}
    )
    if request.method == "POST" and form.is_valid():
        membership = actions.accept(invitation, form, by=request.user)
        if membership is not None:
            messages.success(request, said_of(membership))
        return redirect("network:join")
    return _page(request, invitation, form=form)


def said_of(membership: Membership) -> str:
    if membership.state == membership.State.ACTIVE:
        return _("You are now a member of the network.")
    return _("We have your request. The office looks at it, and tells you by email.")


def _through_the_door(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The mail may have been passed on: who signs up proves the address by a mail of its own."""
    if request.method != "POST":
        return _page(request, invitation)
    back = urlencode({"next": reverse("network:join")})
    if EmailAddress.objects.filter(email__iexact=invitation.email, verified=True).exists():
        return redirect(f"{reverse('account_login')}?{back}")
    return redirect(f"{reverse('account_signup')}?{back}")


def _who(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def _page(request: HttpRequest, invitation: Invitation, **context: object) -> HttpResponse:
    """With what can be done about it; of one that is over, that it is over."""
    context |= {"invitation": invitation, "is_open": invitation.is_open()}
    return render(request, "network/invitation.html", context)
