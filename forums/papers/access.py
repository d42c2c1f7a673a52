"""Whose papers a request may touch: the account's own, or what a mailed link was opened for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ..models import Submission
from ..models.submissions import SubmissionQuerySet
from . import acts, mails

# Of the session: addresses whose short-lived link was opened in it, and notices about one paper,
# each as its number and the mail's kind.
ADDRESSES, NOTICES = "paper_addresses", "paper_notices"
MOST_ADDRESSES, MOST_NOTICES = 5, 20


def own(request: HttpRequest) -> SubmissionQuerySet:
    """Every paper that this request may see; all others do not exist for it."""
    known = Q(email__in=_kept(request, ADDRESSES))
    known |= Q(uuid__in=[uuid for uuid, _kind in _kept(request, NOTICES)])
    # What an account holds is opened by signing in to it.
    known &= Q(user=None)
    if request.user.is_authenticated:
        known |= Q(user=request.user)
    return Submission.objects.filter(known).select_related("forum__program", "user")


def own_or_404(request: HttpRequest, uuid: UUID) -> Submission:
    adopt(request)
    row = own(request).filter(uuid=uuid).first()
    if row is None:
        raise Http404(_("There is no such page."))
    return row


def may_change(request: HttpRequest, submission: Submission) -> bool:
    """Of its own: not by a notice of an earlier state, which may have been passed on since."""
    if submission.user_id or submission.email in _kept(request, ADDRESSES):
        return True
    told = [kind for uuid, kind in _kept(request, NOTICES) if uuid == str(submission.uuid)]
    return any(submission.state in mails.TOLD[kind] for kind in told)


def lead(request: HttpRequest, page: str, rows: Iterable[Submission]) -> HttpResponse:
    """On to a page about these papers; where accounts hold them all one signs in before."""
    are_held = {row.user_id is not None for row in rows} == {True}
    if are_held and not request.user.is_authenticated:
        return redirect_to_login(page)
    return redirect(page)


def remember_address(request: HttpRequest, email: str) -> None:
    _keep(request, ADDRESSES, email.lower(), MOST_ADDRESSES)


def remember_notice(request: HttpRequest, submission: Submission, kind: str) -> None:
    _keep(request, NOTICES, [str(submission.uuid), kind], MOST_NOTICES)


def _keep(request: HttpRequest, what: str, entry: Any, most: int) -> None:
    kept = [one for one in _kept(request, what) if one != entry]
    request.session[_key(request, what)] = [*kept, entry][-most:]


def _kept(request: HttpRequest, what: str) -> list[Any]:
    return request.session.get(_key(request, what), [])


def _key(request: HttpRequest, what: str) -> str:
    """Whoever signs in to a browser has nothing of what was opened in it before."""
    return f"{what}:{request.user.pk or ''}"


def proven_address(request: HttpRequest) -> str:
    """The address for which a mailed link was opened last in this session, or none."""
    return next(reversed(_kept(request, ADDRESSES)), "")


def is_known(request: HttpRequest) -> bool:
    """Whether it can have papers of its own."""
    return request.user.is_authenticated or bool(proven_address(request))


def adopt(request: HttpRequest) -> None:
    """Once signed in, what was begun by mail under the same verified address is one's own."""
    if request.user.is_authenticated:
        acts.adopt(request.user)
