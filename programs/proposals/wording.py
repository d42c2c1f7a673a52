"""Where a proposal stands, in words."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from oda_portal.publishing.texts import day

from ..models import Proposal

State = Proposal.State
TONES = {
    State.DRAFT: "wait",
    State.SUBMITTED: "soon",
    State.IN_DISCUSSION: "soon",
    State.ADOPTED: "open",
    State.DECLINED: "closed",
}


class Step(NamedTuple):
    title: str
    when: str
    phase: str  # done, now or later
    text: str = ""


def tone_of(proposal: Proposal) -> str:
    """The colour of its badge."""
    return TONES[State(proposal.state)]


def steps_of(proposal: Proposal) -> list[Step]:
    """Its way so far and what is still to come; of a decision the page itself says the reason."""
    if proposal.is_draft:
        return []
    submitted = Step(str(State.SUBMITTED.label), _on(proposal.submitted_at), "done")
    discussed = Step(str(State.IN_DISCUSSION.label), _on(proposal.discussed_at), "done")
    if proposal.decided_at:
        end = Step(str(proposal.get_state_display()), _on(proposal.decided_at), "now")
        return [submitted, *([discussed] if proposal.discussed_at else []), end]
    later = Step(_("Decision"), "", "later")
    if proposal.state == State.IN_DISCUSSION:
        return [submitted, discussed._replace(phase="now", text=proposal.answer), later]
    return [submitted._replace(phase="now"), discussed._replace(phase="later", when=""), later]


def _on(moment: datetime | None) -> str:
    return day(timezone.localdate(moment)) if moment else ""
