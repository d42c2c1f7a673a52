"""What was done to a record beside looking at it: as the log names it, and in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

PARTS: Mapping[str, str | Promise] = {
    "act": pgettext_lazy("look", "Form of an act"),
    "added": pgettext_lazy("look", "Added"),
    "answer": pgettext_lazy("look", "Answering"),
    "approve": pgettext_lazy("look", "Approving"),
    "ask": pgettext_lazy("look", "Asking back"),
    "badges": pgettext_lazy("look", "Name badges"),
    "cancel": pgettext_lazy("look", "Cancelling"),
    "check-in": pgettext_lazy("look", "Check-in"),
    "close": pgettext_lazy("look", "Closing"),
    "comment": pgettext_lazy("look", "Commenting"),
    "comments": pgettext_lazy("look", "Comments"),
    "delete": pgettext_lazy("look", "Page before deleting"),
    "deleted": pgettext_lazy("look", "Deleted"),
    "end": pgettext_lazy("look", "Ending"),
    "file": pgettext_lazy("look", "File"),
    "health": pgettext_lazy("look", "Health note"),
    "history": pgettext_lazy("look", "History"),
    "interview": pgettext_lazy("look", "Interview"),
    "join": pgettext_lazy("look", "Merging two records"),
    "line": pgettext_lazy("look", "Waiting list"),
    "list": pgettext_lazy("look", "List"),
    "more_places": pgettext_lazy("look", "More places"),
    "move": pgettext_lazy("look", "Moving an interview"),
    "outside": pgettext_lazy("look", "Service elsewhere"),
    "owner": pgettext_lazy("look", "Owner"),
    "password": pgettext_lazy("look", "Password"),
    "pdf": pgettext_lazy("look", "PDF"),
    "places": pgettext_lazy("look", "Places"),
    "programme": pgettext_lazy("look", "Place in the programme"),
    "put_at": pgettext_lazy("look", "Place on the waiting list"),
    "ranking": pgettext_lazy("look", "Ranking"),
    "readiness": pgettext_lazy("look", "Preparation"),
    "reissue": pgettext_lazy("look", "Issuing again"),
    "remove comment": pgettext_lazy("look", "Removing a comment"),
    "reopen": pgettext_lazy("look", "Reopening"),
    "revoke": pgettext_lazy("look", "Revoking"),
    "roles": pgettext_lazy("look", "Roles"),
    "roster": pgettext_lazy("look", "Roster"),
    "second step": pgettext_lazy("look", "Second step of signing in"),
    "send_again": pgettext_lazy("look", "Sending again"),
    "send_back": pgettext_lazy("look", "Sending back"),
    "separate": pgettext_lazy("look", "Separating a merged record"),
    "slides": pgettext_lazy("look", "Slides"),
    "slot": pgettext_lazy("look", "Interview slot"),
    "take back": pgettext_lazy("look", "Taking back"),
    "take_back": pgettext_lazy("look", "Taking back"),
    "tell": pgettext_lazy("look", "Message to all"),
    "touched": pgettext_lazy("look", "Whose data were touched"),
    "translate": pgettext_lazy("look", "Translating"),
    "undo check-in": pgettext_lazy("look", "Undoing a check-in"),
}


def part_in_words(part: str) -> str:
    """A day, or a kind of item, stands as the log has it."""
    return str(PARTS.get(part, part))
