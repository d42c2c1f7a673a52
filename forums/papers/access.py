"""Whose papers a request may touch: the account's own, or those of an address mailed to."""

from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from ..models import Submission
from ..models.submissions import SubmissionQuerySet
from . import acts

# Of the session: addresses whose mailed link was opened in it.
ADDRESSES = "paper_addresses"
MOST_ADDRESSES = 5


def own(request: HttpRequest) -> SubmissionQuerySet:
    """Every paper that this request may see; all others do not exist for it."""
    known = Q(email__in=request.session.get(ADDRESSES, []))
    if request.user.is_authenticated:
        known |= Q(user=request.user)
    return Submission.objects.filter(known).select_related("forum__program", "user")


def own_or_404(request: HttpRequest, uuid: UUID) -> Submission:
    adopt(request)
    row = own(request).filter(uuid=uuid).first()
    if row is None:
        raise Http404(_("There is no such page."))
    return row


def remember_address(request: HttpRequest, email: str) -> None:
    kept = [one for one in request.session.get(ADDRESSES, []) if one != email.lower()]
    request.session[ADDRESSES] = [*kept, email.lower()][-MOST_ADDRESSES:]


def proven_address(request: HttpRequest) -> str:
    """The address for which a mailed link was opened last in this session, or none."""
    return next(reversed(request.session.get(ADDRESSES, [])), "")


def is_known(request: HttpRequest) -> bool:
    """Whether it can have papers of its own."""
    return request.user.is_authenticated or bool(proven_address(request))


def adopt(request: HttpRequest) -> None:
    """Once signed in, what was begun by mail under the same verified address is one's own."""
    if request.user.is_authenticated:
        verified = EmailAddress.objects.filter(user=request.user, verified=True)
        acts.adopt(request.user, emails=verified.values("email"))
