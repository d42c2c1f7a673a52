"""What is said of a paper to whoever wrote it, in words of the active language."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from oda_portal.publishing.times import korea_day, korea_moment

from ..models import Submission
from ..models.submissions import State

TONES = {
    State.DRAFT: "wait",
    State.SUBMITTED: "soon",
    State.ACCEPTED: "open",
    State.CONFIRMED: "open",
    State.DECLINED: "closed",
    State.WITHDRAWN: "closed",
}


class Badge(NamedTuple):
    label: str
    tone: str


def badge(submission: Submission) -> Badge:
    state = State(submission.state)
    return Badge(str(state.label), TONES[state])


def sentence(submission: Submission) -> str:
    """Where it stands; of a decision that is held it knows nothing."""
    return _SENTENCES[State(submission.state)](submission)


def _draft(submission: Submission) -> str:
    forum = submission.forum
    if forum.papers_close_at is None:
        return _("You have not submitted this yet.")
    words = {"moment": korea_moment(forum.papers_close_at)}
    if submission.is_editable():
        return _("You have not submitted this yet. You can do so until %(moment)s.") % words
    return _("This was not submitted. The call closed at %(moment)s.") % words


def _submitted(submission: Submission) -> str:
    words = {"code": submission.receipt}
    if submission.is_topic:
        return _("We have your topic. Your receipt number is %(code)s.") % words
    have = _("We have your paper. Your receipt number is %(code)s.") % words
    released = submission.forum.papers_released_at
    if released is None:
        return have
    result = _("We will tell you the result on %(date)s.") % {"date": korea_day(released)}
    return f"{have} {result}"


def _accepted(submission: Submission) -> str:
    if submission.is_topic:
        return _("We would like to take up your topic. Please tell us that you will speak.")
    return _("Your paper has been accepted. Please tell us that you will speak.")


def _confirmed(submission: Submission) -> str:
    if submission.placed_at:
        return _("You are in the programme. We look forward to your talk.")
    return _("You will speak. We will put you into the programme.")


def _declined(submission: Submission) -> str:
    if submission.is_topic:
        return _("We are not able to take up your topic this time. Thank you for sending it.")
    return _("We are not able to include your paper this time. Thank you for sending it.")


def _withdrawn(submission: Submission) -> str:
    if submission.is_topic:
        return _("You withdrew this topic.")
    return _("You withdrew this paper.")


_SENTENCES = {
    State.DRAFT: _draft,
    State.SUBMITTED: _submitted,
    State.ACCEPTED: _accepted,
    State.CONFIRMED: _confirmed,
    State.DECLINED: _declined,
    State.WITHDRAWN: _withdrawn,
}
