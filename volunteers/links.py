"""Pages behind mailed links: beginning a form before signing up, and answering an offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from . import access, actions, offers, wording
from .models import Application, Call, State
from .views.taken_down import taken_down

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
    if not isinstance(call, Call):
        raise Http404
    if not call.is_public():
        return taken_down(request, call)
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


# --- the link to answer an offer, or to leave a reserve list -------------------------------------

ANSWERS = {
    "yes": offers.confirm,
    "no": offers.decline,
    "again": offers.wait_again,
    "leave": offers.leave,
}


def open_place(request: HttpRequest, message: Message) -> HttpResponse:
    """Where the application stands now, with what can be answered to that; no sign-in needed."""
    application = message.about
    if not isinstance(application, Application):
        raise Http404
    # An older mail, which may have been passed on, answers no offer that came after it.
    is_about_this = message.queued_at >= application.state_at
    possible = {
        "may_answer": application.can_answer() and is_about_this,
        "may_leave": application.state == State.RESERVE,
        "may_wait_again": application.can_wait_again(),
    }
    if request.method == "POST":
        _answer(request, application, possible)
        return redirect(request.path)
    context = {
        "application": application,
        "call": application.call,
        "badge": wording.badge(application),
        "sentence": wording.sentence(application),
        "place": wording.place(application),
        **possible,
    }
    return render(request, "volunteers/open_place.html", context)


def _answer(request: HttpRequest, application: Application, possible: dict[str, bool]) -> None:
    """Whoever holds the mail is taken for the person, as with every link of this kind."""
    needs = {"again": "may_wait_again", "leave": "may_leave"}
    for name, act in ANSWERS.items():
        if name in request.POST and possible[needs.get(name, "may_answer")]:
            act(application, by=application.volunteer.user)
            return
