"""What is to come by the calendar and the clock: a registry that the apps fill.

A source answers for a stretch of days with what is planned in them, in a fixed number of
questions, and tells nobody of what they may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, TypeAlias

from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import pgettext_lazy

# Of one source; nobody reads further.
MOST = 200
WEEK, FORTNIGHT = 7, 14


class Kind(TextChoices):
    DEADLINE = "deadline", pgettext_lazy("planned", "Deadline")
    RESULTS = "results", pgettext_lazy("planned", "Results")
    PUBLICATION = "publication", pgettext_lazy("planned", "Publication")
    INTERVIEW = "interview", pgettext_lazy("planned", "Interviews")
    EVENT = "event", pgettext_lazy("planned", "Event")
    MAIL = "mail", pgettext_lazy("planned", "Emails")


class Entry(NamedTuple):
    """One thing at its time, or on its day when no hour is known, and where staff look after it."""

    at: datetime | date
    kind: Kind
    sentence: str
    url: str

    @property
    def day(self) -> date:
        return timezone.localdate(self.at) if isinstance(self.at, datetime) else self.at

    @property
    def hour(self) -> time | None:
        return timezone.localtime(self.at).time() if isinstance(self.at, datetime) else None


class Stretch(NamedTuple):
    """From now to the end of a day."""

    since: datetime
    until: datetime

    @property
    def first(self) -> date:
        return timezone.localdate(self.since)

    @property
    def last(self) -> date:
        return timezone.localdate(self.until - timedelta(seconds=1))

    def holds(self, at: datetime | None) -> bool:
        return at is not None and self.since <= at < self.until

    @property
    def times(self) -> tuple[datetime, datetime]:
        """For `range` of a column with times."""
        return self.since, self.until - timedelta(microseconds=1)


Source: TypeAlias = Callable[[HttpRequest, Stretch], Iterable[Entry]]

_sources: list[Source] = []


def register(source: Source) -> Source:
    _sources.append(source)
    return source


def the_next(days: int) -> Stretch:
    """Today's rest and so many days in all."""
    now = timezone.now()
    end = timezone.localdate(now) + timedelta(days=days)
    return Stretch(now, timezone.make_aware(datetime.combine(end, time())))


def entries_for(request: HttpRequest, days: int) -> list[Entry]:
    """By time; what has no hour stands before what has one."""
    stretch = the_next(days)
    found = [entry for source in _sources for entry in source(request, stretch)]
    return sorted(found, key=lambda entry: (entry.day, entry.hour or time.min, entry.sentence))


def deadlines_this_week(entries: Iterable[Entry]) -> list[Entry]:
    end = timezone.localdate() + timedelta(days=WEEK)
    return [entry for entry in entries if entry.kind == Kind.DEADLINE and entry.day < end]
