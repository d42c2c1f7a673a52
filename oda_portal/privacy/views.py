"""A person's own data: what we have, asking about it, taking consent back, closing the account."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from oda_portal.pages.limits import may_act

from . import actions, consents
from .archive import archive_of
from .closing import CannotCloseError, close_account, obstacles
from .forms import RequestForm
from .models import Consent, IllegalMoveError, PrivacyRequest


@never_cache
@login_required
@require_POST
def download(request: HttpRequest) -> FileResponse | HttpResponse:
    """Everything about the person who asks, made for this answer and kept nowhere."""
    if not may_act(request, "my data", limit=10, seconds=10 * 60):
        messages.error(request, _("Too many tries. Please wait 10 minutes."))
        return redirect(_my_data())
    archive = archive_of(request.user)  # type: ignore[arg-type]
    name = f"my-data-{timezone.localdate().isoformat()}.zip"
    response = FileResponse(archive, as_attachment=True, filename=name)
    response.headers["Content-Type"] = "application/zip"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@login_required
def request_list(request: HttpRequest) -> HttpResponse:
    """The person's requests, and the form for one more."""
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _asked, is_new = actions.ask(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        if is_new:
            messages.success(request, _("We have your request."))
        else:
            messages.info(
                request, _("You have already made this request, and we have not answered it yet.")
            )
        return redirect("privacy:request_list")
    own = PrivacyRequest.objects.visible_to(request.user)  # type: ignore[arg-type]
    return render(request, "privacy/request_list.html", {"form": form, "requests": own})


@never_cache
@login_required
@require_POST
def request_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    own = PrivacyRequest.objects.visible_to(request.user)  # type: ignore[arg-type]
    asked = get_object_or_404(own, pk=pk)
    try:
        asked.withdrawn(by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("You have withdrawn your request."))
    except IllegalMoveError:
        messages.info(request, _("This request is already closed."))
    return redirect("privacy:request_list")


@never_cache
@login_required
def consent_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, then takes the consent back."""
    own = Consent.objects.filter(user=request.user).newest()  # type: ignore[misc]
    consent = get_object_or_404(own.select_related("text"), pk=pk, given=True)
    if consent.text.required:
        # What stands on it goes another way: withdrawing the application, or a request.
        raise Http404
    if request.method == "POST":
        consents.take_back(consent, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("You have withdrawn your consent."))
        return redirect(_my_data())
    return render(request, "privacy/consent_withdraw.html", {"consent": consent})


@never_cache
@login_required
@reauthentication_required
def account_close(request: HttpRequest) -> HttpResponse:
    """Says what follows; the password was asked for again a moment ago."""
    why_not = obstacles(request.user)  # type: ignore[arg-type]
    if request.method == "POST" and not why_not:
        try:
            close_account(request.user)  # type: ignore[arg-type]
        except CannotCloseError as error:  # something began meanwhile
            why_not = error.sentences
        else:
            logout(request)
            return redirect("privacy:account_closed")
    return render(request, "privacy/account_close.html", {"obstacles": why_not})


@never_cache
def account_closed(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/account_closed.html")


def _my_data() -> str:
    return f"{reverse('accounts:my_page')}#data"
