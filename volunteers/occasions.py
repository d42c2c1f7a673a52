"""What the public calendar shows of calls: when they open and close, and when results are out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oda_portal.calendars.occasions import Occasion, Source, register
from oda_portal.publishing.texts import Text, text_in

from .models import Call

KIND = "call"
# Whoever subscribes today still finds those of the past years.
PAST = timedelta(days=2 * 365)
LAST_HALF_HOUR = timedelta(minutes=30)


def register_occasions() -> None:
    register(Source({KIND: gettext_lazy("Calls for volunteers")}, public_occasions))


def public_occasions(kinds: Collection[str]) -> Iterator[Occasion]:
    calls = Call.objects.published().filter(closes_at__gte=timezone.now() - PAST)
    for call in calls.order_by("closes_at", "pk"):
        yield _of(call, "opens", _("Applications open: %(call)s"), call.opens_at)
        yield deadline(call)
        if call.released_at:
            yield _of(call, "results", _("Results: %(call)s"), call.released_at)


def deadline(call: Call) -> Occasion:
    """The last half hour in which one can apply."""
    return _of(
        call,
        "deadline",
        _("Last day to apply: %(call)s"),
        call.closes_at - LAST_HALF_HOUR,
        ends=call.closes_at,
    )


def _of(
    call: Call, what: str, sentence: str, starts: datetime, ends: datetime | None = None
) -> Occasion:
    title = text_in(call, "title")
    return Occasion(
        name=f"call-{call.pk}-{what}",
        title=Text(sentence % {"call": title.text}, title.language),
        text=text_in(call, "summary").text,
        path=call.get_absolute_url(),
        starts=starts,
        ends=ends,
        changed_at=call.changed_at,
    )
