"""What volunteers read about an item: in words and with a sign, never by a colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..models import ChecklistItem
from .rules import DONE_AT_ONCE, Cell, Phase

Kind = ChecklistItem.Kind

# What waits for the person.
THEIRS = (Phase.OPEN, Phase.SOON, Phase.LATE, Phase.RETURNED, Phase.SHORT)

# What it says, the tone of the badge, and the sign before it.
_BADGES: dict[str, tuple[object, str, str]] = {
    Phase.DONE: (pgettext_lazy("checklist", "Done"), "open", "check"),
    Phase.NOT_NEEDED: (pgettext_lazy("checklist", "Not needed from you"), "closed", "check"),
    Phase.WAITING: (pgettext_lazy("checklist", "Handed in: we are checking it"), "soon", "mail"),
    Phase.BY_PHONE: (pgettext_lazy("checklist", "We will call you"), "soon", "info"),
    Phase.RETURNED: (pgettext_lazy("checklist", "Please correct it"), "bad", "warn"),
    Phase.SHORT: (pgettext_lazy("checklist", "Your passport runs out too early"), "bad", "warn"),
    Phase.LATE: (pgettext_lazy("checklist", "Overdue"), "bad", "warn"),
    Phase.SOON: (pgettext_lazy("checklist", "To do soon"), "wait", "calendar"),
    Phase.OPEN: (pgettext_lazy("checklist", "To do"), "plain", "calendar"),
}

_HINTS: dict[str, object] = {
    Kind.PASSPORT: gettext_lazy("It must be valid for six months after your return."),
    Kind.INSURANCE: gettext_lazy(
        "The office insures the whole group. If you have an insurance of your own, attach its"
        " certificate."
    ),
    Kind.VACCINATION: gettext_lazy("So that you stay well, and so that we can help if you do not."),
    Kind.ORIENTATION: gettext_lazy("Nothing to fill in: the office records who attended."),
    Kind.EMERGENCY_CONTACT: gettext_lazy("Who we call if something happens to you."),
    Kind.GUARDIAN_CONSENT: gettext_lazy(
        "You will be under 19 on the day of departure, so a parent or guardian must agree."
    ),
    Kind.ROLE_AGREEMENT: gettext_lazy("What you and the office promise each other."),
}


@dataclass(frozen=True)
class Shown:
    """One item as its page shows it; `address` is empty where there is nothing to fill in."""

    cell: Cell
    address: str = ""

    @property
    def label(self) -> str:
        return str(_BADGES[self.cell.phase][0])

    @property
    def tone(self) -> str:
        return _BADGES[self.cell.phase][1]

    @property
    def sign(self) -> str:
        return _BADGES[self.cell.phase][2]

    @property
    def hint(self) -> str:
        return str(_HINTS[self.cell.item.kind])

    @property
    def is_theirs(self) -> bool:
        return self.cell.phase in THEIRS

    @property
    def reason(self) -> str:
        """Why it came back."""
        is_returned = self.cell.phase == Phase.RETURNED
        return self.cell.row.reason if self.cell.row and is_returned else ""


def thanks(item: ChecklistItem, *, is_refused: bool) -> str:
    if is_refused:
        return _("We have kept none of this. We will call you to discuss it.")
    if item.kind in DONE_AT_ONCE:
        return _("Thank you. This is done.")
    return _("We have what you handed in, and will check it.")
