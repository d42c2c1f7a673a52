"""What waits for staff on the first page of the back office."""

from __future__ import annotations

from itertools import groupby

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from oda_portal.accounts.areas import within
from oda_portal.admin import Counted, Reminder, remind
from volunteers import permissions
from volunteers.models import Application, Opening
from volunteers.readiness.board import alarming_before

from .filters import Waiting, waiting_for_staff, with_unread_answers
from .persons import handed_in
from .readiness_pages import board_address


@remind
def waiting_for_review(request: HttpRequest) -> Counted | None:
    """The call is over, and nobody has begun to read."""
    if not permissions.can_move_application(request.user):
        return None
    rows = Application.objects.filter(within(request.user, Application))
    rows = waiting_for_staff(rows, Waiting.REVIEW)
    return Counted(rows, _to_review, _list(f"waiting={Waiting.REVIEW}"))


def _to_review(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s application to a closed call is waiting for the first review.",
        "%(count)s applications to closed calls are waiting for the first review.",
        count,
    ) % {"count": count}


@remind
def undecided(request: HttpRequest) -> Counted | None:
    """The day of the results comes near, or has come, and nothing has been decided."""
    if not permissions.can_move_application(request.user):
        return None
    rows = admin.site.get_model_admin(Application).get_queryset(request)
    rows = waiting_for_staff(rows, Waiting.DECISION)
    return Counted(rows, _undecided, _list(f"waiting={Waiting.DECISION}"), is_urgent=True)


def _undecided(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s application is undecided, and the results are due within a week.",
        "%(count)s applications are undecided, and the results are due within a week.",
        count,
    ) % {"count": count}


@remind
def new_answers(request: HttpRequest) -> Counted | None:
    """Applicants answered, and nobody has opened the application since."""
    if not permissions.can_ask_applicant(request.user):
        return None
    rows = with_unread_answers(
        Application.objects.filter(handed_in(), within(request.user, Application))
    )
    return Counted(rows, _answered, _list("answers=new"))


def _answered(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s applicant has answered your question.",
        "%(count)s applicants have answered your questions.",
        count,
    ) % {"count": count}


@remind
def not_ready(request: HttpRequest) -> list[Reminder] | None:
    """Red on readiness boards, one a call; who leaves first comes first."""
    if not permissions.can_view_readiness(request.user):
        return None
    today = timezone.localdate()
    alarming = alarming_before(today, within(request.user, Opening))
    openings = sorted(alarming, key=lambda opening: opening.call_id)
    told = []
    for _pk, found in groupby(openings, key=lambda opening: opening.call_id):
        red = list(found)
        first = min(opening.departs_on for opening in red)
        sentence = ngettext(
            "Before the departure of “%(call)s”, something is overdue or returned in %(count)s"
            " opening.",
            "Before the departure of “%(call)s”, something is overdue or returned in %(count)s"
            " openings.",
            len(red),
        ) % {"count": len(red), "call": red[0].call}
        url = f"{board_address(red[0].call)}?show=alarm"
        told.append(Reminder(sentence, url, len(red), (first - today).days <= SOON, first))
    return sorted(told, key=lambda reminder: reminder.due_on or today)


# Days before a departure from which what is red presses.
SOON = 14


def _list(query: str) -> str:
    return f"{reverse('admin:volunteers_application_changelist')}?{query}"
