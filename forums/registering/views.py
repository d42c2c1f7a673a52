"""Coming to an event: by a link to an address, or with an account."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from oda_portal.pages.limits import may_act, too_many

from ..models import Forum, Registration
from . import acts, addresses, mails, wording
from .forms import AddressForm, RegisterForm

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# From one network; a class that registers together has one.
LINKS_AN_HOUR = 40


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """The form for whoever is signed in; for others an address to which a link is sent."""
    rows = Forum.objects.published().select_related("program", "pool")
    forum = get_object_or_404(rows, slug=slug)
    if not forum.takes_registrations() or forum.pool is None:
        return _not_open(request, forum)
    if email := _own_address(request):
        language = translation.get_language() or settings.LANGUAGE_CODE
        return register_with(request, forum, email=email, language=language)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        here = urlencode({"next": request.path})
        return _page(request, forum, "ask_address.html", form=form, next=here)
    if not may_act(request, "forums.register", limit=LINKS_AN_HOUR, seconds=3600):
        return too_many(request)
    language = translation.get_language() or settings.LANGUAGE_CODE
    mails.link_wanted(forum, email=form.cleaned_data["email"], language=language)
    # The same page whoever the address belongs to, and whatever the mail says.
    days = mails.BEGIN_LIFETIME.days
    return _page(request, forum, "sent.html", email=form.cleaned_data["email"], days=days)


def register_with(request: HttpRequest, forum: Forum, *, email: str, language: str) -> HttpResponse:
    """The form for an address that is known to be theirs; or what became of it before."""
    known = Registration.objects.filter(forum=forum, email=email.lower()).first()
    if known is not None and known.cancelled_at is None:
        return redirect(addresses.path_to(known))
    if not forum.takes_registrations() or forum.pool is None or not forum.is_public():
        return _not_open(request, forum)
    user = _holder(request, email)
    first = {"language": language, "size": 1, "name": user.name if user else ""}
    with_sessions = _has_places(forum)
    form = RegisterForm(
        request.POST if request.method == "POST" else None,
        forum=forum,
        with_sessions=with_sessions,
        initial=first,
    )
    if not form.can_be_asked:
        return _page(request, forum, "not_yet.html", status=409)
    if not form.is_valid():
        is_full = not with_sessions
        return _page(request, forum, "register.html", email=email, form=form, is_full=is_full)
    if known is not None and not mails.may_come_again(known):
        messages.warning(request, wording.too_often())
        return redirect(addresses.path_to(known))
    try:
        registration = acts.register(
            forum,
            email=email,
            details=form.details(),
            chosen=form.chosen(),
            user=user,
            by=user,
            answers=form,
        )
    except acts.ClosedError:  # a moment ago
        return _not_open(request, forum)
    messages.success(request, _("We have your registration."))
    return redirect(addresses.path_to(registration))


def _has_places(forum: Forum) -> bool:
    """Whether somebody who comes now would get a place; a moment later it may be otherwise."""
    pool = forum.pool
    return pool is not None and pool.left > 0 and not pool.seats.filter(state="waiting").exists()


def _own_address(request: HttpRequest) -> str:
    """The address of whoever is signed in, if it is known to be theirs."""
    if not request.user.is_authenticated:
        return ""
    email = request.user.email
    theirs = EmailAddress.objects.filter(user=request.user, email__iexact=email, verified=True)
    return email.lower() if theirs.exists() else ""


def _holder(request: HttpRequest, email: str) -> User | None:
    """Whoever is signed in, if the address is theirs."""
    return request.user if _own_address(request) == email.lower() else None  # type: ignore[return-value]


def _not_open(request: HttpRequest, forum: Forum) -> HttpResponse:
    """Too early or too late, said with the times."""
    return _page(request, forum, "not_open.html", status=409, now=timezone.now())


def _page(
    request: HttpRequest, forum: Forum, template: str, *, status: int = 200, **context: object
) -> HttpResponse:
    crumbs = [
        {"label": _("Forums"), "url": reverse("forums:forum_list")},
        {"label": wording.title(forum), "url": forum.get_absolute_url()},
        {"label": _("Register")},
    ]
    context |= {"forum": forum, "crumbs": crumbs, "days_of_event": wording.days(forum)}
    return render(request, f"forums/registering/{template}", context, status=status)
