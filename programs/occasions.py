"""What the public calendar shows of programmes: the days on which they take place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from oda_portal.calendars.occasions import Certainty, Occasion, Source, register
from oda_portal.publishing.models import Precision
from oda_portal.publishing.texts import text_in

from .models import Program
from .models.program import Kind

# Whoever subscribes today still finds those of the past years; calendar programs stay quick.
PAST = timedelta(days=2 * 365)
MOST = 1000


def register_occasions() -> None:
    register(Source(dict(Kind.choices), public_occasions))


def public_occasions(kinds: Collection[str]) -> Iterator[Occasion]:
    """The office’s own whose days are known; a month or an estimate is no day for a calendar."""
    since = timezone.localdate() - PAST
    rows = (
        Program.objects.published()
        .ours()
        .filter(
            Q(ends_on__gte=since) | Q(ends_on=None, starts_on__gte=since),
            kind__in=kinds,
            starts_on__isnull=False,
            precision=Precision.DAY,
            date_is_estimate=False,
        )
    )
    for program in rows.newest_first()[:MOST]:
        yield Occasion(
            name=f"program-{program.pk}",
            title=text_in(program, "title"),
            text=text_in(program, "summary").text,
            path=program.get_absolute_url(),
            starts=program.starts_on,
            ends=program.ends_on or program.starts_on,
            changed_at=program.changed_at,
            certainty=_certainty(program),
        )


def _certainty(program: Program) -> Certainty:
    if program.cancelled_at:
        return Certainty.CANCELLED
    return Certainty.TENTATIVE if program.announced_only else Certainty.CONFIRMED
