"""What waits for staff on the first page of the back office."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from oda_portal.admin import Reminder, remind
from volunteers import permissions
from volunteers.models import Application, State
from volunteers.readiness.board import alarming_before

from .filters import with_unread_answers
from .persons import handed_in
from .readiness_pages import board_address


@remind
def waiting_for_review(request: HttpRequest) -> Reminder | None:
    """The call is over, and nobody has begun to read."""
    if not permissions.can_move_application(request.user):
        return None
    count = Application.objects.filter(
        state=State.SUBMITTED, call__closes_at__lte=timezone.now()
    ).count()
    if not count:
        return None
    sentence = ngettext(
        "%(count)s application to a closed call is waiting for the first review.",
        "%(count)s applications to closed calls are waiting for the first review.",
        count,
    ) % {"count": count}
    return Reminder(sentence, _list(f"state={State.SUBMITTED}"))


@remind
def new_answers(request: HttpRequest) -> Reminder | None:
    """Applicants answered, and nobody has opened the application since."""
    if not permissions.can_ask_applicant(request.user):
        return None
    count = with_unread_answers(Application.objects.filter(handed_in())).count()
    if not count:
        return None
    sentence = ngettext(
        "%(count)s applicant has answered your question.",
        "%(count)s applicants have answered your questions.",
        count,
    ) % {"count": count}
    return Reminder(sentence, _list("answers=new"))


@remind
def not_ready(request: HttpRequest) -> Reminder | None:
    """Red on a readiness board; the way leads to the board of the team that leaves first."""
    if not permissions.can_view_readiness(request.user):
        return None
    openings = alarming_before(timezone.localdate())
    if not openings:
        return None
    sentence = ngettext(
        "Before departure, something is overdue or returned in %(count)s opening.",
        "Before departure, something is overdue or returned in %(count)s openings.",
        len(openings),
    ) % {"count": len(openings)}
    return Reminder(sentence, f"{board_address(openings[0].call)}?show=alarm")


def _list(query: str) -> str:
    return f"{reverse('admin:volunteers_application_changelist')}?{query}"
