"""What the waiting lists of events and of their sessions do when a place becomes free."""

from __future__ import annotations

from datetime import datetime

from oda_portal.audit.models import record_transition
from oda_portal.seats import registry
from oda_portal.seats.models import Seat

from ..models import ForumSession, Registration
from ..models.registrations import State
from . import acts, mails
from .times import answer_until


def register() -> None:
    queue = registry.Queue(until=until, on_offer=on_offer, on_freed=on_freed)
    registry.register("forums.registration", queue)


def session_of(seat: Seat) -> ForumSession | None:
    """The session whose place it is; None for one of the event itself."""
    return getattr(seat.pool, "forum_session", None)


def until(seat: Seat) -> datetime | None:
    return answer_until(_of(seat).forum, seat.pool.offer_hours, session_of(seat))


def on_offer(seat: Seat) -> None:
    registration, session = _of(seat), session_of(seat)
    if session is None:
        record_transition(registration, "state", State.WAITING, State.OFFERED, by=None)
    mails.place_offered(registration, session, until=seat.offered_until)  # type: ignore[arg-type]


def on_freed(seat: Seat) -> None:
    """Nobody answered in time. Who had no place at the event has none in a session either."""
    registration, session = _of(seat), session_of(seat)
    if session is None and not registration.cancel(by=None, reason=str(Seat.Reason.EXPIRED.label)):
        return
    if session is None:
        acts.forget_needs_unless_held(registration, rule="no answer to the offer")
    mails.offer_over(registration, session)


def _of(seat: Seat) -> Registration:
    assert isinstance(seat.subject, Registration)  # noqa: S101  (registered for these alone)
    return seat.subject
