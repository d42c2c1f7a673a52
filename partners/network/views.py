"""The members’ own pages: asking to join, their home, their own entry, the directory."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oda_portal.pages.limits import may_act, too_many
from oda_portal.publishing.listing import listing

from ..models import Invitation, Membership
from . import actions
from .access import active_memberships_of, member_page
from .crumbs import to_members, to_network
from .filters import DirectoryFilter
from .forms import DetailsForm, JoinForm, MemberForm
from .links import said_of
from .panels import drawn_panels

ASKED_AN_HOUR = 10


# --- joining --------------------------------------------------------------------------------------


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Where one’s memberships stand, invitations to one’s addresses, and asking for one more."""
    first = {"name": request.user.name}  # type: ignore[union-attr]
    form = JoinForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        if not may_act(request, "network.join", limit=ASKED_AN_HOUR, seconds=3600):
            return too_many(request)
        membership = actions.ask(form, by=request.user)  # type: ignore[arg-type]
        messages.success(request, said_of(membership))
        return redirect("network:join")
    rows = Membership.objects.of(request.user).select_related("organisation")
    return render(
        request,
        "network/join.html",
        {
            "form": form if form.can_be_asked else None,
            "memberships": rows,
            "active": set(active_memberships_of(request.user).values_list("pk", flat=True)),
            "invitations": _invitations(request),
            "crumbs": [*to_network(), {"label": _("Join the network")}],
        },
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as behind the mailed link, for an account that has the address."""
    invitation = get_object_or_404(_invitations(request), pk=pk)
    if request.method == "POST" and "decline" in request.POST:
        actions.decline(invitation, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("You have declined the invitation."))
        return redirect("network:join")
    first = {"name": request.user.name}  # type: ignore[union-attr]
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        membership = actions.accept(invitation, form, by=request.user)  # type: ignore[arg-type]
        if membership is not None:
            messages.success(request, said_of(membership))
        return redirect("network:join")
    context = {"invitation": invitation, "is_open": True, "form": form}
    return render(request, "network/invitation.html", context)


def _invitations(request: HttpRequest) -> QuerySet[Invitation]:
    addresses = actions.addresses_of(request.user)  # type: ignore[arg-type]
    return Invitation.objects.open().to_addresses(addresses).select_related("organisation")


# --- for members ----------------------------------------------------------------------------------


@never_cache
@login_required
@require_safe
def member_home(request: HttpRequest) -> HttpResponse:
    """Public pages lead here: whoever is no member (any more) is shown how to become one."""
    memberships = list(active_memberships_of(request.user).select_related("organisation"))
    if not memberships:
        return redirect("network:join")
    return render(
        request,
        "network/member_home.html",
        {
            "memberships": memberships,
            "panels": drawn_panels(request, memberships),
            "crumbs": [*to_network(), {"label": _("For members")}],
        },
    )


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def member_details(request: HttpRequest, pk: int) -> HttpResponse:
    """What the other members read of somebody, changed by themselves."""
    membership = _own(request, pk)
    form = MemberForm.of(membership, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if actions.change_details(membership, form, by=request.user):  # type: ignore[arg-type]
            messages.success(request, _("Your changes have been saved."))
        return redirect(request.path)
    crumbs = [*to_members(), {"label": _("My entry")}]
    context = {"form": form, "membership": membership, "crumbs": crumbs}
    return render(request, "network/member_details.html", context)


@member_page
@require_POST
def member_leave(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _own(request, pk)
    if actions.leave(membership, by=request.user):  # type: ignore[arg-type]
        messages.success(request, _("You have left the network."))
    return redirect("network:join")


@member_page
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """The members who agreed to be found by the others."""
    rows = Membership.objects.listed().select_related("user", "organisation")
    return render(
        request,
        "network/directory.html",
        {
            "listing": listing(
                request, DirectoryFilter, rows.order_by("user__name", "pk"), per_page=50
            ),
            "crumbs": [*to_members(), {"label": _("Directory")}],
        },
    )


def _own(request: HttpRequest, pk: int) -> Membership:
    rows = active_memberships_of(request.user).select_related("organisation", "user")
    return get_object_or_404(rows, pk=pk)
