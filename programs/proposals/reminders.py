"""What waits on the first page of the back office."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import ngettext

from oda_portal.admin import Counted

from ..models import Proposal


def waiting_proposals(request: HttpRequest) -> Counted | None:
    """How many proposals nobody has taken up yet."""
    if not request.user.has_perm("programs.change_proposal"):
        return None
    url = reverse("admin:programs_proposal_changelist")
    query = f"?state__exact={Proposal.State.SUBMITTED}"
    return Counted(Proposal.objects.waiting(), _proposals, url + query)


def _proposals(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s proposal of the network is waiting to be taken up.",
        "%(count)s proposals of the network are waiting to be taken up.",
        count,
    ) % {"count": count}
