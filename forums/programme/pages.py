"""What the page of a session says, put in order for its template."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..models import Appearance, ForumSession, Material


@dataclass(frozen=True)
class Roles:
    """People of a session who do the same."""

    label: str
    people: list[Appearance]


class SessionPage:
    """Reads only what the view has fetched: no query is made here."""

    def __init__(self, session: ForumSession) -> None:
        self.session = session

    @property
    def is_off(self) -> bool:
        """It does not take place, by itself or with the whole edition."""
        return self.session.is_cancelled or self.session.forum.program.cancelled_at is not None

    @cached_property
    def roles(self) -> list[Roles]:
        """Speakers first, in the order in which staff put them; whoever leads stands on top."""
        held = list(self.session.appearances.all())
        order = (Appearance.Role.MODERATOR, *Appearance.Role)
        found = []
        for role in dict.fromkeys(order):
            if people := [one for one in held if one.role == role]:
                found.append(Roles(str(Appearance.Role(role).label), people))
        return found

    @cached_property
    def materials(self) -> list[Material]:
        return list(self.session.materials.all())


def neighbours_of(session: ForumSession) -> tuple[ForumSession | None, ForumSession | None]:
    """The sessions before and after it in the order of the programme; breaks are left out."""
    rows = ForumSession.objects.filter(forum=session.forum_id).talked_about()
    keys = list(rows.in_order().values_list("pk", flat=True))
    if session.pk not in keys:
        return None, None
    place = keys.index(session.pk)
    near = rows.select_related("forum").in_bulk(keys[max(place - 1, 0) : place + 2])
    before = near.get(keys[place - 1]) if place else None
    after = near.get(keys[place + 1]) if place + 1 < len(keys) else None
    return before, after
