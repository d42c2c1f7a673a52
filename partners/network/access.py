"""Who may see what members of the network see."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from ..models import Membership, MembershipQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User

View = Callable[..., HttpResponseBase]


def active_memberships_of(user: User | AnonymousUser) -> MembershipQuerySet:
    """For which organisations this person may act now; somebody may work for several."""
    return Membership.objects.of(user).active()


def member_page(view: View) -> View:
    """A page of the members, never kept: who is signed out is asked to sign in.

    Whoever waits to be approved is shown where that stands; for everybody else there is no such
    page (404). The view asks `active_memberships_of(request.user)` whose things it may show.
    """

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if active_memberships_of(request.user).exists():
            return view(request, *args, **kwargs)
        if Membership.objects.of(request.user).pending().exists():
            return redirect("network:join")
        raise Http404

    return guarded
