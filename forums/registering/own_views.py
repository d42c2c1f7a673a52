"""The pages of one registration, for whoever holds its mail; they go to nobody else."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ..doors.qr import qr_svg
from ..models import Registration
from ..models.registrations import State
from ..programme.calendars import has_calendar
from . import acts, addresses, mails, sessions, wording
from .forms import DetailsForm, change_form
from .times import may_be_cancelled, may_be_changed

# What the buttons of the page do to the place at the event.
ACTS: dict[str, Callable[..., bool]] = {
    "accept": acts.accept,
    "decline": acts.decline,
    "again": acts.wait_again,
}
SESSION_ACTS: dict[str, Callable[..., bool]] = {
    "accept_session": sessions.accept,
    "leave_session": sessions.leave,
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, key: uuid.UUID, signature: str) -> HttpResponse:
    """Where it stands, with the QR for the door; POST answers an offer or changes a session."""
    registration = addresses.find(key, signature)
    if registration is None:
        return _broken(request)
    if request.method == "POST":
        _do(request, registration)
        return _private(redirect(request.path))
    state = registration.state
    context = {
        "state": state,
        "held": sessions.held_by(registration),
        "may_change": state != State.CANCELLED and may_be_changed(registration),
        # Whoever has no place yet declines it, or leaves the list.
        "may_cancel": state == State.CONFIRMED and may_be_cancelled(registration),
        "may_wait_again": state == State.CANCELLED and registration.forum.takes_registrations(),
        "has_agreed": acts.has_agreed(registration),
        "can_choose": bool(sessions.to_choose(registration.forum)),
        "offered_until": registration.offered_until,
        "qr_path": addresses.path_to(registration, "qr"),
        "cancel_path": addresses.path_to(registration, "cancel"),
        "change_path": addresses.path_to(registration, "change"),
        "has_calendar": registration.forum.is_public() and has_calendar(registration.forum),
    }
    return _page(request, registration, "own.html", **context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, key: uuid.UUID, signature: str) -> HttpResponse:
    registration = addresses.find(key, signature)
    if registration is None:
        return _broken(request)
    own_path = addresses.path_to(registration)
    if registration.state == State.CANCELLED or not may_be_changed(registration):
        return _private(redirect(own_path))
    data = request.POST if request.method == "POST" else None
    form = change_form(registration, data, with_sessions=sessions.may_choose(registration))
    if request.method == "POST" and form.is_valid():
        try:
            if _changed(registration, form):
                messages.success(request, _("Your changes have been saved."))
            return _private(redirect(own_path))
        except acts.RefusedError as refusal:
            form.add_error("size", str(refusal))
    return _page(request, registration, "change.html", form=form, own_path=own_path)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, key: uuid.UUID, signature: str) -> HttpResponse:
    """A page with one button: a mail scanner that only looks cancels nothing."""
    registration = addresses.find(key, signature)
    if registration is None:
        return _broken(request)
    own_path = addresses.path_to(registration)
    if request.method == "POST":
        if acts.cancel(registration, by=registration.user):
            messages.success(request, _("Your registration is cancelled."))
        return _private(redirect(own_path))
    if registration.state == State.CANCELLED or not may_be_cancelled(registration):
        return _private(redirect(own_path))
    return _page(request, registration, "cancel.html", own_path=own_path)


@never_cache
@require_safe
def qr(request: HttpRequest, key: uuid.UUID, signature: str) -> HttpResponse:
    """The ticket as a picture; of who has no place there is none."""
    registration = addresses.find(key, signature)
    if registration is None or not registration.is_confirmed:
        return _broken(request)
    return _private(HttpResponse(qr_svg(registration), content_type="image/svg+xml"))


def _do(request: HttpRequest, registration: Registration) -> None:
    """Whoever holds the mail is taken for the person, as with every link of this kind."""
    by, done = registration.user, None
    if "again" in request.POST and not mails.may_come_again(registration):
        messages.warning(request, wording.too_often())
        return
    for name, act in ACTS.items():
        if name in request.POST:
            done = act(registration, by=by)
    held = {str(row.session.pk): row.session for row in sessions.held_by(registration)}
    for name, session_act in SESSION_ACTS.items():
        if session := held.get(request.POST.get(name, "")):
            done = session_act(registration, session, by=by)
    if done is False:
        messages.warning(request, _("This is no longer possible. See where you stand now."))


def _changed(registration: Registration, form: DetailsForm) -> bool:
    chosen = form.chosen() if "sessions" in form.fields else None
    return acts.change(
        registration,
        details=form.details(),
        chosen=chosen,
        by=registration.user,
        answers=form,
    )


def _broken(request: HttpRequest) -> HttpResponse:
    """The address is not ours, or of something that was destroyed: both look alike."""
    sentence = _("This address is incomplete. Copy the whole address from the email.")
    button = (_("Forums"), reverse("forums:forum_list"))
    context = {"title": _("This link does not work"), "sentence": sentence, "button": button}
    return _private(render(request, "mail/link_closed.html", context, status=404))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is somebody's own: it goes to nobody else."""
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _page(
    request: HttpRequest, registration: Registration, template: str, **context: object
) -> HttpResponse:
    forum = registration.forum
    context |= {
        "registration": registration,
        "forum": forum,
        "badge": wording.badge(registration),
        "title": wording.title(forum),
        "when": wording.days(forum),
        "place": wording.place(forum),
    }
    return _private(render(request, f"forums/registering/{template}", context))
