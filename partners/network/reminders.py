"""What of the network waits for staff, on the first page of the back office."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import ngettext

from oda_portal.admin import Counted

from ..models import Membership, Suggestion


def waiting_members(request: HttpRequest) -> Counted | None:
    if not request.user.has_perm("partners.change_membership"):
        return None
    url = reverse("admin:partners_membership_changelist")
    query = f"?state__exact={Membership.State.PENDING}"
    return Counted(Membership.objects.pending(), _members, url + query)


def _members(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s person asks to join the network.",
        "%(count)s people ask to join the network.",
        count,
    ) % {"count": count}


def waiting_suggestions(request: HttpRequest) -> Counted | None:
    if not request.user.has_perm("partners.change_suggestion"):
        return None
    url = reverse("admin:partners_suggestion_changelist")
    query = f"?state__exact={Suggestion.State.WAITING}"
    return Counted(Suggestion.objects.waiting(), _suggestions, url + query)


def _suggestions(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s change that a partner suggests is waiting for you.",
        "%(count)s changes that partners suggest are waiting for you.",
        count,
    ) % {"count": count}
