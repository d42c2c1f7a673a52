"""The list of proposals, and the page of one with what others say about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from oda_portal.publishing.listing import listing
from partners.models import Organisation, OrganisationQuerySet
from partners.network.access import active_memberships_of, member_page
from partners.network.crumbs import to_members

from ...models import Proposal
from ...models.proposals import ProposalQuerySet
from ..filters import ProposalFilter
from ..forms import CommentForm, JoinForm, is_complete
from ..wording import steps_of, tone_of


@member_page
@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    """The drafts of one's own organisations first, then the newest."""
    rows = Proposal.objects.visible_to(request.user).for_list()
    found = listing(request, ProposalFilter, rows)
    return render(
        request,
        "proposals/proposal_list.html",
        {
            "listing": found,
            "rows": [(row, tone_of(row)) for row in found.page],
            "crumbs": crumbs_to(),
        },
    )


@member_page
@require_safe
def proposal_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return detail_page(request, visible_or_404(request, uuid))


def detail_page(
    request: HttpRequest, proposal: Proposal, *, join: JoinForm | None = None,
    comment: CommentForm | None = None,
) -> HttpResponse:  # fmt: skip
    """Also with a form that was refused, which stands in its place."""
    partners = list(proposal.partners.select_related("organisation"))
    own = own_organisations(request)
    own_keys = {row.pk for row in own}
    joined = {partner.organisation_id for partner in partners}
    may_join = own.exclude(pk=proposal.organisation_id).exclude(pk__in=joined)
    is_others = bool(own_keys - joined - {proposal.organisation_id})
    context: dict[str, Any] = {
        "proposal": proposal,
        "tone": tone_of(proposal),
        "steps": steps_of(proposal),
        "themes": proposal.themes.all(),
        "partners": [(row, row.organisation_id in own_keys) for row in partners],
        "comments": proposal.comments.select_related("organisation", "author"),
        "program": proposal.program,
        "is_own": proposal.organisation_id in own_keys,
        "is_complete": is_complete(proposal),
        "join_form": join or (JoinForm(None, organisations=may_join) if is_others else None),
        "comment_form": comment
        or CommentForm(None, organisations=own, language=get_language() or ""),
        "crumbs": crumbs_to(proposal),
    }
    refused = any(form is not None and form.is_bound for form in (join, comment))
    status = 422 if refused else 200
    return render(request, "proposals/proposal_detail.html", context, status=status)


# --- whose ---------------------------------------------------------------------------------------


def own_organisations(request: HttpRequest) -> OrganisationQuerySet:
    """Those for which this person may act now."""
    own = active_memberships_of(request.user).values("organisation")
    return Organisation.objects.filter(pk__in=own)


def visible_or_404(request: HttpRequest, uuid: UUID) -> Proposal:
    """Another organisation’s draft does not exist."""
    rows: ProposalQuerySet = Proposal.objects.visible_to(request.user)
    rows = rows.select_related("organisation", "country", "author", "program")
    return get_object_or_404(rows, uuid=uuid)


def own_or_404(request: HttpRequest, uuid: UUID) -> Proposal:
    """One that this person’s organisation proposed."""
    rows = Proposal.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(rows, uuid=uuid, organisation__in=own_organisations(request))


def crumbs_to(proposal: Proposal | None = None, *, label: str = "") -> list[dict[str, str]]:
    """The way to the list, to a proposal, or to a page of it with this label."""
    way = [*to_members(), {"label": _("Proposals"), "url": reverse("proposals:proposal_list")}]
    if proposal is not None:
        way.append({"label": proposal.title, "url": proposal.get_absolute_url()})
    if label:
        return [*way, {"label": label}]
    return [*way[:-1], {"label": way[-1]["label"]}]
