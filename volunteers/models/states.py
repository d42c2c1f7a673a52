"""What can become of an application, and what its applicant is told."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Internal; no page, mail or JSON for applicants names these values."""

    DRAFT = "draft", pgettext_lazy("application", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("application", "Submitted")
    SCREENING = "screening", pgettext_lazy("application", "Screening")
    INTERVIEW = "interview", pgettext_lazy("application", "Interview")
    SELECTED = "selected", pgettext_lazy("application", "Selected")
    RESERVE = "reserve", pgettext_lazy("application", "Reserve")
    NOT_SELECTED = "not_selected", pgettext_lazy("application", "Not selected")
    CONFIRMED = "confirmed", pgettext_lazy("application", "Confirmed")
    DECLINED = "declined", pgettext_lazy("application", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "Withdrawn")
    DEPLOYED = "deployed", pgettext_lazy("application", "Deployed")
    COMPLETED = "completed", pgettext_lazy("application", "Completed")


UNDER_REVIEW = (State.SUBMITTED, State.SCREENING, State.INTERVIEW)
RESULTS = (State.SELECTED, State.RESERVE, State.NOT_SELECTED)
# With a place in an opening, or next to one.
PLACED = (State.SELECTED, State.RESERVE, State.CONFIRMED, State.DEPLOYED, State.COMPLETED)
# Somebody may still go: until departure the applicant can step back from all of these.
BEFORE_DEPARTURE = (
    State.DRAFT, *UNDER_REVIEW, State.SELECTED, State.RESERVE, State.CONFIRMED,
)  # fmt: skip

# Each act, from which states, and to which. Whoever is not named may not; see `permissions`.
MOVES: dict[str, tuple[tuple[State, ...], State]] = {
    "send": ((State.DRAFT,), State.SUBMITTED),
    "take_place": ((State.SUBMITTED,), State.CONFIRMED),
    "wait": ((State.SUBMITTED,), State.RESERVE),
    "screen": ((State.SUBMITTED,), State.SCREENING),
    "invite": ((State.SUBMITTED, State.SCREENING), State.INTERVIEW),
    "select": (UNDER_REVIEW, State.SELECTED),
    "keep_in_reserve": (UNDER_REVIEW, State.RESERVE),
    "not_select": ((*UNDER_REVIEW, State.RESERVE), State.NOT_SELECTED),
    "offer": ((State.RESERVE,), State.SELECTED),
    "confirm": ((State.SELECTED,), State.CONFIRMED),
    "decline": ((State.SELECTED, State.CONFIRMED), State.DECLINED),
    "wait_again": ((State.DECLINED,), State.RESERVE),
    "withdraw": (BEFORE_DEPARTURE, State.WITHDRAWN),
    "begin_again": ((State.WITHDRAWN,), State.DRAFT),
    "deploy": ((State.CONFIRMED,), State.DEPLOYED),
    "complete": ((State.DEPLOYED,), State.COMPLETED),
}

# What staff do at once, and what they decide: a decision is held until the time of the results.
STAFF_MOVES = ("screen", "invite", "decline", "deploy", "complete")
DECISIONS = ("select", "keep_in_reserve", "not_select")
STAFF_ACTS = ("screen", "invite", *DECISIONS, "decline", "deploy", "complete")

STAFF_WORDS = {
    "screen": _("Begin the first review"),
    "invite": _("Invite to an interview"),
    "select": _("Select"),
    "keep_in_reserve": _("Put on the reserve list"),
    "not_select": _("Do not select"),
    "decline": _("Record that they will not take part"),
    "deploy": _("Mark as deployed"),
    "complete": _("Mark as completed"),
}
