"""What the pages of the archive say, put in order for their templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby

from django.db.models import Min, Prefetch, prefetch_related_objects
from django.utils import timezone

from partners.models import Organisation
from programs.models import Role
from programs.pages import ProgramPage

from .models import Forum, ForumSession, Material, Speaker
from .programme.calendars import has_calendar

# So many sessions are named on the edition's page; more are counted, and have a page of their own.
MOST_SESSIONS = 12
MOST_SPEAKERS = 30


@dataclass(frozen=True)
class Year:
    """A year of the archive; `number` is None for editions of which no date is known."""

    number: int | None
    forums: list[Forum]


def by_years(forums: Iterable[Forum]) -> list[Year]:
    """Editions in the order given, in which those of a year stand together."""
    return [Year(year, list(rows)) for year, rows in groupby(forums, _year)]


def _year(forum: Forum) -> int | None:
    starts_on = forum.program.starts_on
    return starts_on.year if starts_on else None


@dataclass
class Day:
    """A day of the programme: how many sessions it has, and those that are named."""

    on: date
    count: int = 0
    sessions: list[ForumSession] = field(default_factory=list)


class ForumPage(ProgramPage):
    """An edition, read with its programme; `fetch` has asked for all that is here but the rest."""

    def __init__(self, forum: Forum, today: date | None = None) -> None:
        super().__init__(forum.program, today)
        self.forum = forum
        fetch(forum)

    @cached_property
    def forum_sessions(self) -> list[ForumSession]:
        """What of the programme is worth naming; breaks are not."""
        rows = ForumSession.objects.filter(forum=self.forum).talked_about()
        return list(rows.select_related("room", "forum").in_order())

    @cached_property
    def days(self) -> list[Day]:
        """The days of the programme. A long one is only counted here."""
        found: dict[date, Day] = {}
        for session in self.forum_sessions:
            on = timezone.localdate(session.starts_at)
            day = found.setdefault(on, Day(on))
            if not session.is_cancelled:
                day.count += 1
            if len(self.forum_sessions) <= MOST_SESSIONS:
                day.sessions.append(session)
        return list(found.values())

    @cached_property
    def _speakers(self) -> list[Speaker]:
        """In the order in which they speak; who speaks in cancelled sessions alone is not named."""
        rows = Speaker.objects.filter(
            appearances__session__forum=self.forum, appearances__session__cancelled_at=None
        ).annotate(first=Min("appearances__session__starts_at"))
        return list(
            rows.select_related("organisation").order_by("first", "pk")[: MOST_SPEAKERS + 1]
        )

    @property
    def speakers(self) -> list[Speaker]:
        return self._speakers[:MOST_SPEAKERS]

    @property
    def has_more_speakers(self) -> bool:
        return len(self._speakers) > MOST_SPEAKERS

    @property
    def materials(self) -> list[Material]:
        return list(self.forum.materials.all())

    @cached_property
    def has_calendar(self) -> bool:
        """Whether there is a day to keep free: of what is over nobody needs to."""
        return not self.forum.is_over(self.today) and has_calendar(self.forum)

    @cached_property
    def neighbours(self) -> dict[str, Forum | None]:
        """The editions of its series before and after it, by their days."""
        rows = Forum.objects.published().filter(series=self.forum.series_id)
        ordered = list(rows.select_related("program").newest_first())
        place = next((i for i, row in enumerate(ordered) if row.pk == self.forum.pk), None)
        if place is None:
            return {"previous": None, "next": None}
        return {
            "previous": ordered[place + 1] if place + 1 < len(ordered) else None,
            "next": ordered[place - 1] if place else None,
        }


def fetch(forum: Forum) -> None:
    """What the page of an edition shows, in a number of queries that rows do not change.

    Organisations that are not public are left out, like their own pages.
    """
    bodies = Organisation.objects.published()
    roles = Role.objects.filter(organisation__in=bodies).select_related("organisation__country")
    lookups = ["themes", "sources", "documents", "photos", "runs__groups__country"]
    lookups.append("indicators__measurements")
    prefetch_related_objects([forum.program], *lookups, Prefetch("roles", roles))
    materials = Material.objects.select_related("session__room")
    prefetch_related_objects([forum], "corrections", Prefetch("materials", materials))
