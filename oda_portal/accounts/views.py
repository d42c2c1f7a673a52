"""My page and the small pages around it; signing in itself is allauth's."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oda_portal.languages import path_in

from . import second_factor, sessions
from .forms import ProfileForm
from .kept_forms import forget_form, kept_form
from .panels import drawn_panels


@login_required
def my_page(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/my_page.html", {"panels": drawn_panels(request)})


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Name and language; a changed language shows at once."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        person = form.save()
        messages.success(request, _("Your details have been saved."))
        return redirect(path_in(reverse("accounts:my_page"), person.preferred_language))
    return render(request, "accounts/profile.html", {"form": form})


@require_POST
def stay_signed_in(request: HttpRequest) -> HttpResponse:
    """The answer to the warning: for how many seconds one stays signed in now; 0 is too late."""
    return JsonResponse({"seconds": sessions.seconds_left(request) or 0})


@login_required
def kept(request: HttpRequest) -> HttpResponse:
    """What was written when the time ran out; POST throws it away."""
    form = kept_form(request)
    if request.method == "POST":
        forget_form(request)
        messages.success(request, _("What you wrote has been discarded."))
    if form is None or request.method == "POST":
        return redirect("accounts:my_page")
    return render(request, "accounts/kept_form.html", {"form": form})


@login_required
def second_step_needed(request: HttpRequest) -> HttpResponse:
    """For staff without a second step: why they need one, and the two ways to it."""
    if second_factor.has_set_up(request.user):  # type: ignore[arg-type]
        return redirect("mfa_index")
    return render(request, "accounts/second_step_needed.html")
