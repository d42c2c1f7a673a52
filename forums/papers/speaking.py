"""The speaker's own page: that they come, how they are named in public, and their slides."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oda_portal.files.downloads import private_response

from ..freezing import FrozenError
from ..models import Submission
from ..models.submissions import State
from . import access, acts, wording
from .own import or_ask_for_link, title_of
from .speaker_form import SpeakerForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_ask_for_link
def speaker(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Nobody who was not accepted has such a page."""
    submission = access.own_or_404(request, uuid)
    if not submission.is_speakers():
        raise Http404
    if submission.forum.is_frozen or not access.may_change(request, submission):
        return redirect(submission)
    if request.method != "POST":
        return _page(request, submission, SpeakerForm(submission=submission), submission.stamp)
    form = SpeakerForm(request.POST, request.FILES, submission=submission)
    seen = request.POST.get("seen", "")
    if form.is_valid() and (response := _confirm(request, submission, form, seen)):
        return response
    return _page(request, submission, form, seen)


def _confirm(
    request: HttpRequest, submission: Submission, form: SpeakerForm, seen: str
) -> HttpResponse | None:
    """Where to go on; None when the page is shown again, with the reason on the form."""
    by = request.user if request.user.is_authenticated else None
    try:
        done = acts.confirm(submission, form, seen=seen, by=by)
    except acts.ChangedError:
        form.add_error(
            None,
            _(
                "Another window has changed this in the meantime. What you wrote is still here:"
                " compare it with the page in the other window before you save."
            ),
        )
        return None
    except FrozenError as error:
        messages.error(request, str(error))
        return redirect(submission)
    if done:
        messages.success(request, _("Saved. The office will put it into the programme."))
    return redirect(submission)


def _page(
    request: HttpRequest, submission: Submission, form: SpeakerForm, seen: str
) -> HttpResponse:
    if form.non_field_errors():
        seen = Submission.objects.get(pk=submission.pk).stamp
    crumbs = [
        {"label": _("Forums"), "url": reverse("forums:forum_list")},
        {"label": _("My papers and topics"), "url": reverse("forums:paper_list")},
        {"label": submission.title, "url": submission.get_absolute_url()},
        {"label": _("Your details as a speaker")},
    ]
    context = {
        "submission": submission,
        "forum": submission.forum,
        "form": form,
        "seen": seen,
        "title": title_of(submission),
        "sentence": wording.sentence(submission),
        "is_confirmed": submission.state == State.CONFIRMED,
        "had_file": bool(form.files),
        "crumbs": crumbs,
    }
    return render(request, "forums/papers/speaker.html", context)


@never_cache
@require_safe
@or_ask_for_link
def slides(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """One's own file; anybody else's does not exist."""
    submission = access.own_or_404(request, uuid)
    if not submission.slides:
        raise Http404
    return private_response(submission.slides, submission.slides_name)


@never_cache
@require_POST
@or_ask_for_link
def remove_slides(request: HttpRequest, uuid: UUID) -> HttpResponse:
    submission = access.own_or_404(request, uuid)
    if not access.may_change(request, submission):
        return redirect(submission)
    try:
        if acts.remove_slides(submission):
            messages.success(request, _("Your slides have been removed."))
    except FrozenError as error:
        messages.error(request, str(error))
        return redirect(submission)
    return redirect("forums:paper_speaker", uuid=submission.uuid)
