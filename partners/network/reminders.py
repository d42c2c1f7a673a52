"""What of the network waits for staff, on the first page of the back office."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import ngettext

from oda_portal.admin import Reminder

from ..models import Membership, Suggestion


def waiting_members(request: HttpRequest) -> Reminder | None:
    if not request.user.has_perm("partners.change_membership"):
        return None
    count = Membership.objects.pending().count()
    sentence = ngettext(
        "%(count)s person asks to join the network.",
        "%(count)s people ask to join the network.",
        count,
    )
    url = reverse("admin:partners_membership_changelist")
    query = f"?state__exact={Membership.State.PENDING}"
    return Reminder(sentence % {"count": count}, url + query) if count else None


def waiting_suggestions(request: HttpRequest) -> Reminder | None:
    if not request.user.has_perm("partners.change_suggestion"):
        return None
    count = Suggestion.objects.waiting().count()
    sentence = ngettext(
        "%(count)s change that a partner suggests is waiting for you.",
        "%(count)s changes that partners suggest are waiting for you.",
        count,
    )
    url = reverse("admin:partners_suggestion_changelist")
    query = f"?state__exact={Suggestion.State.WAITING}"
    return Reminder(sentence % {"count": count}, url + query) if count else None
