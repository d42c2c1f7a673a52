"""Pages behind the links that subscribers get by mail; looking at them changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from ..models import Subscription
from ..models.subscriptions import State
from . import actions, addresses, wording
from .forms import RenewForm

if TYPE_CHECKING:
    from oda_portal.mail.models import Message


def open_confirmation(request: HttpRequest, message: Message) -> HttpResponse:
    """What would be sent to whom, and one button."""
    subscription = _subscription(message)
    if request.method == "POST":
        actions.confirm(subscription)
        return redirect(request.path)
    return _page(request, "subscribing/confirm.html", subscription)


def open_change(request: HttpRequest, message: Message) -> HttpResponse:
    subscription = _subscription(message)
    if subscription.state == State.ENDED:
        return _page(request, "subscribing/confirm.html", subscription)
    return redirect(addresses.path_to_change(subscription))


def open_renewal(request: HttpRequest, message: Message) -> HttpResponse:
    """The consents once more. An older link than the last renewal says that it is done."""
    subscription = _subscription(message)
    wanted = subscription.state == State.ACTIVE and subscription.renewal_asked_at is not None
    if not wanted:
        return _page(request, "subscribing/confirm.html", subscription)
    form = RenewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.renew(subscription, form, by=None)
        return redirect(request.path)
    return _page(request, "subscribing/renew.html", subscription, form=form)


def _subscription(message: Message) -> Subscription:
    subscription = message.about
    if not isinstance(subscription, Subscription):
        raise Http404
    return subscription


def _page(
    request: HttpRequest, template: str, subscription: Subscription, **context: object
) -> HttpResponse:
    context |= {
        "subscription": subscription,
        "state": subscription.state,
        "wishes": wording.wishes_of(subscription),
        "change_path": addresses.path_to_change(subscription),
        "leave_path": addresses.path_to_leave(subscription),
        "today": timezone.localdate(),
    }
    return render(request, template, context)
