"""What the pages of a meeting say, put in order for their templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from django.utils.functional import Promise, cached_property
from django.utils.translation import pgettext

from ..models import MeetingAnswer, MeetingDocument, Membership, NetworkMeeting, Organisation
from ..models.meetings import ActionItem


class Said(NamedTuple):
    label: str | Promise
    people: int


class Owned(NamedTuple):
    """An action item as one of the members sees it."""

    item: ActionItem
    is_own: bool
    owner: str  # “” for somebody who is not in the directory


def owned(items: Iterable[ActionItem], own: Collection[int]) -> list[Owned]:
    """`own`: keys of the reader's memberships. Names are those that members find anyway."""
    listed = list(items)
    owners = Membership.objects.listed().filter(pk__in=[item.owner_id for item in listed])
    names = dict(owners.values_list("pk", "user__name"))
    return [Owned(item, item.owner_id in own, names.get(item.owner_id or 0, "")) for item in listed]


class MemberMeeting:
    """A meeting as its members see it; every part is asked for once."""

    def __init__(self, meeting: NetworkMeeting, memberships: Sequence[Membership]) -> None:
        self.meeting = meeting
        self._own = {row.pk for row in memberships}
        answers = meeting.answers.select_related("membership__organisation")
        self._answers = list(answers.filter(membership__in=Membership.objects.active()))

    @property
    def said(self) -> list[Said]:
        """How many answered what. Names are for the office: not everybody is in the directory."""
        counted = Counter(row.answer for row in self._answers)
        return [
            Said(label, counted[value])
            for value, label in MeetingAnswer.Answer.choices
            if counted[value]
        ]

    @property
    def coming(self) -> list[Organisation]:
        """Organisations of which somebody comes."""
        yes = [row for row in self._answers if row.answer == MeetingAnswer.Answer.YES]
        return list(
            {row.membership.organisation_id: row.membership.organisation for row in yes}.values()
        )

    @property
    def own_answer(self) -> MeetingAnswer | None:
        return next((row for row in self._answers if row.membership_id in self._own), None)

    @cached_property
    def documents(self) -> list[MeetingDocument]:
        return list(self.meeting.documents.all())

    @cached_property
    def items(self) -> list[Owned]:
        return owned(self.meeting.action_items.select_related("owner__organisation"), self._own)


def state_of(meeting: NetworkMeeting) -> tuple[str, str]:
    """In words, and the tone of its badge."""
    if meeting.cancelled_at:
        return pgettext("meeting", "Cancelled"), "bad"
    if meeting.is_over:
        return pgettext("meeting", "Held"), "closed"
    return pgettext("meeting", "Coming up"), "open"
