"""Asking for news by email, and the pages that only the address in a mail opens."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from oda_portal.pages.limits import may_act, too_many

from ..models import Subscription
from ..models.subscriptions import State
from . import actions, addresses, wording
from .forms import ChangeForm, SubscribeForm

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

ASKED_AN_HOUR = 10


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form; what is asked for begins when the mailed link is confirmed."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    first = {"language": language, "email": _own_address(request)}
    form = SubscribeForm(request.POST if request.method == "POST" else None, initial=first)
    if not form.can_be_asked:
        return _page(request, "subscribing/not_yet.html", status=409)
    if not form.is_valid():
        return _page(request, "subscribing/subscribe.html", form=form)
    if not may_act(request, "news.subscribe", limit=ASKED_AN_HOUR, seconds=3600):
        return too_many(request)
    email = form.cleaned_data["email"]
    actions.ask(form, by=_holder(request, email))
    # The same page whoever the address belongs to, and whether it was known.
    return _page(request, "subscribing/asked.html", email=email)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, key: uuid.UUID, signature: str) -> HttpResponse:
    """What is sent, to be changed by whoever holds the address."""
    subscription = addresses.find(key, signature)
    if subscription is None or subscription.state == State.WAITING:
        return _broken(request)
    if subscription.state == State.ENDED:
        return _own(_page(request, "subscribing/left.html", **_about(subscription)))
    form = ChangeForm.of(subscription, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if actions.change(subscription, form, by=_holder(request, subscription.email)):
            messages.success(request, _("Your changes have been saved."))
        return _own(redirect(request.path))
    page = _page(request, "subscribing/change.html", form=form, **_about(subscription))
    return _own(page)


# No token: mail programs send this POST by themselves (RFC 8058). The address is the proof.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, key: uuid.UUID, signature: str) -> HttpResponse:
    """POST ends the subscription at once; GET shows a button."""
    subscription = addresses.find(key, signature)
    if subscription is None or subscription.state == State.WAITING:
        return _broken(request)
    if request.method == "POST":
        actions.end(subscription, by=_holder(request, subscription.email), reason="unsubscribed")
        subscription.refresh_from_db()
    template = "left" if subscription.state == State.ENDED else "leave"
    return _own(_page(request, f"subscribing/{template}.html", **_about(subscription)))


def _about(subscription: Subscription) -> dict[str, Any]:
    return {
        "subscription": subscription,
        "wishes": wording.wishes_of(subscription),
        "change_path": addresses.path_to_change(subscription),
        "leave_path": addresses.path_to_leave(subscription),
        "today": timezone.localdate(),
    }


def _own_address(request: HttpRequest) -> str:
    return request.user.email if request.user.is_authenticated else ""


def _holder(request: HttpRequest, email: str) -> User | None:
    """Whoever is signed in, if the address is theirs."""
    if not request.user.is_authenticated:
        return None
    theirs = EmailAddress.objects.filter(user=request.user, email=email, verified=True)
    return request.user if theirs.exists() else None


def _broken(request: HttpRequest) -> HttpResponse:
    """The address is not ours, or of something that was destroyed: both look alike."""
    sentence = _("This address is incomplete. Copy the whole address from the email.")
    button = (_("Get updates"), reverse("subscribing:subscribe"))
    context = {"title": _("This link does not work"), "sentence": sentence, "button": button}
    return _own(render(request, "mail/link_closed.html", context, status=404))


def _own(response: HttpResponse) -> HttpResponse:
    """The address is somebody's own: it goes to nobody else."""
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _page(
    request: HttpRequest, template: str, *, status: int = 200, **context: object
) -> HttpResponse:
    crumbs = [
        {"label": _("News"), "url": wording.news_page()},
        {"label": _("Get updates")},
    ]
    return render(request, template, {"crumbs": crumbs, **context}, status=status)
