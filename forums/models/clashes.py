"""What cannot be in a programme: two sessions in one room, a speaker in two places, a wrong day.

Rules that look at other rows; forms ask them through `clean` of the models. What is cancelled
stands in nobody’s way.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from oda_portal.publishing.texts import period, text_in

if TYPE_CHECKING:
    from programs.models import Program

    from .sessions import Appearance, ForumSession

# What ends at midnight belongs to the day before.
_INSTANT = timedelta(microseconds=1)


def is_outside(program: Program, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the time leaves the days of the edition, in Korea; never where they are not known."""
    days = _days_of(program)
    if days is None:
        return False
    first, last = timezone.localdate(starts_at), timezone.localdate(ends_at - _INSTANT)
    return first < days[0] or last > days[1]


def refuse_other_days(session: ForumSession) -> None:
    if not _has_times(session):
        return
    program = session.forum.program
    if is_outside(program, session.starts_at, session.ends_at):
        days = period(program.starts_on, program.ends_on or program.starts_on, program.precision)
        sentence = _("The event takes place on %(days)s. Check the day of this session.")
        raise ValidationError({"starts_at": sentence % {"days": days}}, code="outside")


def refuse_taken_room(session: ForumSession) -> None:
    if not _has_times(session) or session.room_id is None or session.is_cancelled:
        return
    others = type(session).objects.taking_place().filter(room=session.room_id)
    other = others.overlapping(session).in_order().first()
    if other is not None:
        sentence = _("In this room there is “%(title)s” at that time (%(hours)s).")
        raise ValidationError({"room": sentence % _said(other)}, code="room")


def refuse_two_places(appearance: Appearance) -> None:
    """Raise ValidationError when the speaker is elsewhere at the time of the session."""
    session = _session_of(appearance)
    if session is None or appearance.speaker_id is None:
        return
    if not _has_times(session) or session.is_cancelled:
        return
    theirs = type(session).objects.taking_place().filter(appearances__speaker=appearance.speaker_id)
    other = theirs.overlapping(session).in_order().first()
    if other is not None:
        sentence = _("%(name)s speaks in “%(title)s” at that time (%(hours)s).")
        name = text_in(appearance.speaker, "name").text
        raise ValidationError(
            {"speaker": sentence % {"name": name, **_said(other)}}, code="speaker"
        )


def _session_of(appearance: Appearance) -> ForumSession | None:
    """The session as the form has it, also before it is saved."""
    try:
        return appearance.session
    except ObjectDoesNotExist:
        return None


def _has_times(session: ForumSession) -> bool:
    """What a form could not read is missing here; it has said so itself."""
    known = session.forum_id and session.starts_at and session.ends_at
    return bool(known) and session.starts_at < session.ends_at


def _days_of(program: Program) -> tuple[date, date] | None:
    first, last = program.starts_on, program.ends_on or program.starts_on
    if first is None or last is None or program.date_is_estimate:
        return None
    return first, last


def _said(session: ForumSession) -> dict[str, str]:
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return {
        "title": text_in(session, "title").text,
        "hours": f"{starts:%H:%M}–{ends:%H:%M}",
    }
