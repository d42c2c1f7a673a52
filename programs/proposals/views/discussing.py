"""What members of other organisations do with a proposal that was submitted; and its own ones."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oda_portal.pages.limits import may_be_done
from partners.network.access import member_page

from ...models import Proposal
from ...models.proposals import IllegalMoveError
from .. import acts
from ..forms import CommentForm, JoinForm
from .reading import detail_page, own_organisations, visible_or_404

AN_HOUR = 60 * 60
COMMENTS_AN_HOUR = 30


@member_page
@require_POST
def proposal_join(request: HttpRequest, uuid: UUID) -> HttpResponse:
    proposal = visible_or_404(request, uuid)
    others = own_organisations(request).exclude(pk=proposal.organisation_id)
    form = JoinForm(request.POST, organisations=others)
    if proposal.is_open and not form.is_valid():
        return detail_page(request, proposal, join=form)
    try:
        if not form.is_valid():
            raise IllegalMoveError
        is_new = acts.join(proposal, form, by=request.user)  # type: ignore[arg-type]
    except IllegalMoveError:
        return _not_open(request, proposal)
    if is_new:
        messages.success(request, _("Your organisation takes part in this proposal now."))
    return redirect(proposal)


@member_page
@require_POST
def proposal_leave(request: HttpRequest, uuid: UUID) -> HttpResponse:
    proposal = visible_or_404(request, uuid)
    asked = request.POST.get("organisation", "")
    key = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0
    organisation = get_object_or_404(own_organisations(request), pk=key)
    try:
        if acts.leave(proposal, organisation):
            sentence = _("Your organisation no longer takes part in this proposal.")
            messages.success(request, sentence)
    except IllegalMoveError:
        return _not_open(request, proposal)
    return redirect(proposal)


@member_page
@require_POST
def proposal_comment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    proposal = visible_or_404(request, uuid)
    own = own_organisations(request)
    form = CommentForm(request.POST, organisations=own, language=get_language() or "")
    if not proposal.is_open:
        return _not_open(request, proposal)
    if not form.is_valid():
        return detail_page(request, proposal, comment=form)
    by = request.user
    if not acts.said_before(form, by=by):  # type: ignore[arg-type]
        if not _may_say(request):
            form.add_error(None, _("You have said a lot in this hour. Please wait a little."))
            response = detail_page(request, proposal, comment=form)
            response.status_code = 429
            return response
        try:
            acts.comment(proposal, form, by=by)  # type: ignore[arg-type]
        except IllegalMoveError:
            return _not_open(request, proposal)
        messages.success(request, _("Your comment is there."))
    return redirect(proposal)


@member_page
@require_POST
def comment_remove(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    """One’s own words, at any time."""
    proposal = visible_or_404(request, uuid)
    row = get_object_or_404(proposal.comments, pk=pk, author=request.user)
    if row.remove(by=request.user):  # type: ignore[arg-type]
        messages.success(request, _("Your comment was removed."))
    return redirect(proposal)


def _not_open(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    sentence = _("This is only possible while the proposal is open for discussion.")
    messages.warning(request, sentence)
    return redirect(proposal)


def _may_say(request: HttpRequest) -> bool:
    whose = str(request.user.pk)
    return may_be_done(
        "proposal.say", whose, limit=COMMENTS_AN_HOUR, seconds=AN_HOUR, request=request
    )
