"""What the members' home shows of meetings and action items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..models import ActionItem, MeetingAnswer, Membership, NetworkMeeting
from ..network.panels import Panel, Tab, register_panel, register_tab

NEXT = 3


def register() -> None:
    register_tab(Tab("meetings:member_meetings", _("Meetings"), 10))
    register_tab(Tab("meetings:item_list", _("Action items"), 15))
    register_tab(Tab("meetings:document_list", _("Documents"), 20))
    register_panel(Panel("meetings", _("Meetings"), 10, "meetings/panel_meetings.html", _meetings))
    register_panel(
        Panel("action-items", _("My action items"), 20, "meetings/panel_items.html", _items)
    )


def _meetings(request: HttpRequest, memberships: Sequence[Membership]) -> dict[str, Any]:
    """The next ones, each with what the reader answered."""
    coming = NetworkMeeting.objects.for_members().upcoming().filter(cancelled_at=None)[:NEXT]
    rows = list(coming)
    answers = MeetingAnswer.objects.filter(meeting__in=rows, membership__in=memberships)
    said = {row.meeting_id: row for row in answers}
    return {"rows": [(meeting, said.get(meeting.pk)) for meeting in rows]}


def _items(request: HttpRequest, memberships: Sequence[Membership]) -> dict[str, Any] | None:
    rows = ActionItem.objects.open().filter(owner__in=memberships).select_related("meeting")
    return {"items": list(rows)}
