"""Whose application a request may touch: the account's own, or a draft begun by a mailed link."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from . import actions
from .models import Application, ApplicationQuerySet, Call, Opening

# Of the session: drafts whose link was opened in it, and calls whose self-check was passed.
DRAFTS, CHECKED = "volunteer_drafts", "volunteer_checked"


def own(request: HttpRequest) -> ApplicationQuerySet:
    """Every application that this request may see; all others do not exist for it."""
    rows = Application.objects.select_related("call", "volunteer__user")
    if request.user.is_authenticated:
        return rows.visible_to(request.user)
    return rows.drafts().filter(uuid__in=request.session.get(DRAFTS, []), volunteer__user=None)


def own_whole(request: HttpRequest) -> ApplicationQuerySet:
    """The same with what the steps ask about: as many questions to the database for all of it."""
    openings = Opening.objects.with_place().select_related("call")
    return own(request).prefetch_related(
        Prefetch("call__openings", openings), "call__questions", "call__documents"
    )


def own_for(request: HttpRequest, call: Call) -> Application | None:
    """The application to this call, if there is one."""
    return own_whole(request).filter(call=call).first()


def own_or_404(request: HttpRequest, uuid: UUID) -> Application:
    application = own_whole(request).filter(uuid=uuid).first()
    if application is None:
        raise Http404(_("There is no such application."))
    return application


def remember_draft(request: HttpRequest, application: Application) -> None:
    kept = request.session.get(DRAFTS, [])
    if str(application.uuid) not in kept:
        request.session[DRAFTS] = [*kept, str(application.uuid)][-5:]


def holds_drafts(request: HttpRequest) -> bool:
    """Whether a mailed link was opened in this session."""
    return bool(request.session.get(DRAFTS))


def adopt(request: HttpRequest) -> None:
    """Once signed in, what was begun by mail under the same verified address is one's own."""
    if request.user.is_authenticated:
        actions.adopt_drafts(request.user)


def remember_check(request: HttpRequest, call: Call) -> None:
    """That it was passed; no birth date and no answer is kept."""
    request.session[CHECKED] = [*request.session.get(CHECKED, []), call.pk][-20:]


def has_passed_check(request: HttpRequest, call: Call) -> bool:
    return call.pk in request.session.get(CHECKED, [])
