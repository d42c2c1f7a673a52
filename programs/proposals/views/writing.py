"""A proposal of one’s own organisation: begun, put right, submitted, or thrown away as a draft."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from oda_portal.pages.limits import may_be_done
from partners.network.access import member_page

from ...models import Proposal
from ...models.proposals import IllegalMoveError
from .. import acts
from ..forms import ProposalForm, is_complete
from .reading import crumbs_to, own_or_404, own_organisations

AN_HOUR = 60 * 60
DRAFTS_AN_HOUR = 20


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_new(request: HttpRequest) -> HttpResponse:
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        organisations=own_organisations(request),
        language=get_language() or "",
        to_submit="submit" in request.POST,
    )
    if not form.is_valid():
        return _form_page(request, form)
    proposal = acts.begun_with(form, by=request.user)  # type: ignore[arg-type]
    if proposal is not None:
        return _again(request, proposal, form)
    whose = str(request.user.pk)
    if not may_be_done(
        "proposal.begin", whose, limit=DRAFTS_AN_HOUR, seconds=AN_HOUR, request=request
    ):
        form.add_error(None, _("You have begun many proposals in this hour. Please wait a little."))
        return _form_page(request, form, status=429)
    return _kept(request, acts.begin(form, by=request.user))  # type: ignore[arg-type]


def _again(request: HttpRequest, proposal: Proposal, form: ProposalForm) -> HttpResponse:
    """The same form once more: its words go into what it became, as long as that is a draft."""
    own = own_organisations(request).filter(pk=proposal.organisation_id)
    if proposal.is_draft and own.exists():
        try:
            acts.keep(proposal, form, seen=proposal.stamp)
        except (acts.ChangedError, IllegalMoveError):
            return redirect(proposal)
        return _kept(request, proposal)
    return redirect(proposal)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """By anybody of the organisation, until it is decided."""
    proposal = own_or_404(request, uuid)
    if not proposal.is_editable:
        return _decided(request, proposal)
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        organisations=own_organisations(request),
        proposal=proposal,
        to_submit="submit" in request.POST,
    )
    if form.is_valid():
        try:
            acts.keep(proposal, form, seen=request.POST.get("seen", ""))
        except IllegalMoveError:
            return _decided(request, proposal)
        except acts.ChangedError:
            sentence = _(
                "The proposal has changed since you opened this page. Nothing was saved. Compare"
                " it with what stands there now, and save again."
            )
            form.add_error(None, sentence)
        else:
            return _kept(request, proposal)
    return _form_page(request, form, proposal=proposal)


def _kept(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    if "submit" in request.POST and proposal.is_draft:
        return _submitted(request, proposal)
    messages.success(request, _("Draft saved.") if proposal.is_draft else _("Saved."))
    return redirect(proposal)


def _submitted(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    if acts.submit(proposal, by=request.user):  # type: ignore[arg-type]
        sentence = _("Submitted. All members of the network and the office can read it now.")
        messages.success(request, sentence)
    return redirect(proposal)


@member_page
@require_POST
def proposal_submit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    proposal = own_or_404(request, uuid)
    if proposal.is_draft and not is_complete(proposal):
        messages.warning(request, _("Fill in what is still needed, then submit it."))
        return redirect("proposals:proposal_edit", uuid=proposal.uuid)
    return _submitted(request, proposal)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_discard(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What follows is said before."""
    proposal = own_or_404(request, uuid)
    if not proposal.is_draft:
        return redirect(proposal)
    if request.method != "POST":
        context = {
            "proposal": proposal,
            "crumbs": crumbs_to(proposal, label=_("Delete the draft")),
        }
        return render(request, "proposals/proposal_discard.html", context)
    if acts.discard(proposal):
        messages.success(request, _("The draft has been deleted."))
    return redirect("proposals:proposal_list")


def _decided(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    messages.warning(request, _("This proposal is decided and can no longer be changed."))
    return redirect(proposal)


def _form_page(
    request: HttpRequest, form: ProposalForm, *, proposal: Proposal | None = None,
    status: int = 0,
) -> HttpResponse:  # fmt: skip
    # As it stands now: whoever saves again knows what the page shows.
    stands = Proposal.objects.filter(pk=proposal.pk).first() if proposal else None
    title = _("Change the proposal") if proposal else _("New proposal")
    context = {
        "form": form,
        "proposal": stands,
        "seen": stands.stamp if stands else "",
        "shows_both": bool(stands and form.is_bound and form.non_field_errors()),
        "title": title,
        "crumbs": crumbs_to(proposal, label=title),
    }
    status = status or (422 if form.is_bound else 200)
    return render(request, "proposals/proposal_form.html", context, status=status)
