"""Before the form: may this person apply, and how do they want to begin?"""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from oda_portal.pages.limits import may_act, too_many
from oda_portal.publishing.texts import text_in

from .. import access, actions, mails
from ..forms import STEPS, BeginForm, CheckForm
from ..models import Application, Call
from .calls import published_call
from .taken_down import own_of_one_taken_down, taken_down

LINKS_AN_HOUR = 5
FIRST_STEP = next(iter(STEPS))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """The self-check. Its answers are looked at and forgotten."""
    call = published_call(slug)
    if not call.is_open():
        return _not_open(request, call)
    if request.method == "POST" and not may_act(
        request, "volunteers.check", limit=60, seconds=3600
    ):
        return too_many(request)
    form = CheckForm(request.POST if request.method == "POST" else None, call=call)
    if not form.is_valid():
        return _page(request, call, "volunteers/check.html", form=form)
    verdict = form.verdict()
    if not verdict.may_apply:
        return _page(request, call, "volunteers/check_refused.html", verdict=verdict)
    access.remember_check(request, call)
    if verdict.needs_guardian:
        messages.info(
            request,
            _(
                "You will be under 19 on the day of departure, so a parent or guardian must agree."
                " The form asks for their name and telephone number."
            ),
        )
    return redirect("volunteers:begin", slug=call.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a draft: with the account, or by a link to an address."""
    access.adopt(request)
    if application := own_of_one_taken_down(request, slug):
        return taken_down(request, application.call, application)
    call = published_call(slug)
    application = access.own_for(request, call)
    if application and not application.can_begin_again():
        return redirect_to_form(application)
    if not call.is_open():
        return _not_open(request, call)
    if application is None and not access.has_passed_check(request, call):
        return redirect("volunteers:check", slug=call.slug)
    if request.user.is_authenticated:
        return _begin_with_account(request, call)
    return _begin_by_mail(request, call)


def _begin_with_account(request: HttpRequest, call: Call) -> HttpResponse:
    if request.method == "POST":
        return redirect_to_form(actions.begin(call, by=request.user))  # type: ignore[arg-type]
    return _page(request, call, "volunteers/begin.html")


def _begin_by_mail(request: HttpRequest, call: Call) -> HttpResponse:
    form = BeginForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        here = urlencode({"next": reverse("volunteers:begin", args=[call.slug])})
        return _page(request, call, "volunteers/begin.html", form=form, next=here)
    if not may_act(request, "volunteers.begin", limit=LINKS_AN_HOUR, seconds=3600):
        return too_many(request)
    language = translation.get_language() or settings.LANGUAGE_CODE
    mails.begin(call, email=form.cleaned_data["email"], language=language)
    # The same page whoever the address belongs to, and whether a mail was sent a moment ago.
    return _page(request, call, "volunteers/begin_sent.html", email=form.cleaned_data["email"])


def redirect_to_form(application: Application) -> HttpResponse:
    """Where the person goes on: the first step that is not written yet, or their own page."""
    if not application.is_editable():
        return redirect(application)
    written = application.written
    step = next((slug for slug in STEPS if slug not in written), "send")
    return redirect("volunteers:apply_step", slug=application.call.slug, step=step)


def _not_open(request: HttpRequest, call: Call) -> HttpResponse:
    """Too early or too late; said with the times, and the other calls at hand."""
    return _page(request, call, "volunteers/not_open.html", status=409, now=timezone.now())


def _page(
    request: HttpRequest, call: Call, template: str, *, status: int = 200, **context: object
) -> HttpResponse:
    crumbs = [
        {"label": _("Volunteers"), "url": reverse("volunteers:volunteer_index")},
        {"label": text_in(call, "title").text, "url": call.get_absolute_url()},
        {"label": pgettext("volunteer", "Apply")},
    ]
    return render(request, template, {"call": call, "crumbs": crumbs, **context}, status=status)
