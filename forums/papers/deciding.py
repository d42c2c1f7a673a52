"""What the office decides: of a forum held until its time, of a meet-up told at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from oda_portal.reviews import decisions
from oda_portal.reviews.models import Decision

from ..freezing import require_open
from ..models import Forum, Submission
from ..models.submissions import DECISIONS, State
from . import mails

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


def register() -> None:
    rules = decisions.Release(due=due, lock=_lock, apply=apply)
    decisions.register("forums.submission", rules)


def may_be_decided(submission: Submission) -> bool:
    """Of a paper not before the deadline: until then its writer may change it."""
    is_waiting = submission.state == State.SUBMITTED and not submission.forum.is_frozen
    return is_waiting and not is_still_open(submission)


def is_still_open(submission: Submission, now: datetime | None = None) -> bool:
    """Whether its writer may go on changing it; staff answer to a topic at any time."""
    closes_at = submission.forum.papers_close_at
    is_over = closes_at is not None and closes_at <= (now or timezone.now())
    waits = submission.state == State.SUBMITTED
    return waits and not submission.is_topic and not is_over


def may_be_known(forum: Forum, now: datetime | None = None) -> bool:
    """Whether a decision that is made now is told at once."""
    released_at = forum.papers_released_at
    is_out = released_at is not None and released_at <= (now or timezone.now())
    return forum.is_meet_up or is_out


@transaction.atomic
def decide(submission: Submission, act: str, *, by: User, reason: str = "") -> bool:
    """One of DECISIONS; another one in its place as long as it is held.

    False: not from here. Raises FrozenError.
    """
    if act not in DECISIONS:
        raise ValueError(act)
    require_open(submission.forum)
    current = Submission.objects.select_for_update().get(pk=submission.pk)
    current.forum = submission.forum
    if not may_be_decided(current):
        return False
    held = decisions.held_for(current)
    if held is None or (held.outcome, held.reason) != (act, reason):
        held = decisions.decide(submission, act, by=by, reason=reason)
    if may_be_known(submission.forum):
        decisions.release(held.pk)
        submission.refresh_from_db(fields=["state", "state_at"])
    return True


@transaction.atomic
def decide_all(
    submissions: Iterable[Submission], act: str, *, by: User, reason: str = ""
) -> list[Submission]:
    """The same for all, in one order for everybody; those for whom it was decided."""
    rows = sorted(submissions, key=lambda row: (row.forum_id, row.pk))
    return [row for row in rows if decide(row, act, by=by, reason=reason)]


@transaction.atomic
def take_back(submission: Submission, *, by: User) -> bool:
    """Be undecided again; False when nothing is held. Raises FrozenError."""
    require_open(submission.forum)
    Submission.objects.select_for_update().get(pk=submission.pk)
    return decisions.take_back(submission, by=by)


# --- at the time of the results -----------------------------------------------------------------


def due(moment: datetime) -> models.QuerySet[Submission]:
    out = Q(forum__papers_released_at__lte=moment) | Q(forum__kind=Forum.Kind.MEET_UP)
    return Submission.objects.filter(out)


def _lock(submission: Submission) -> None:
    """The edition before the paper, as everybody takes them."""
    Forum.objects.select_for_update(no_key=True, of=("self",)).get(pk=submission.forum_id)


def apply(decision: Decision) -> None:
    """Do what was decided and tell the speaker; called once, when it is released."""
    submission = decision.subject
    assert isinstance(submission, Submission)  # noqa: S101  (registered for these alone)
    if decision.outcome == "accept":
        moved = submission.accept(by=decision.decided_by, reason=decision.reason)
    else:
        moved = submission.decline(by=decision.decided_by, reason=decision.reason)
    if moved:
        mails.result(submission)
