"""Registering for an edition, changing and cancelling it: safe to do twice and by many at once.

Locks are taken in one order everywhere: pools by number (the edition's is older than those of its
sessions, see `places`), then the registration. Whoever reads the state reads `Registration.state`.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from oda_portal.audit.models import record_transition
from oda_portal.privacy import consents
from oda_portal.privacy.destruction import destroy_all
from oda_portal.privacy.holding import HeldError
from oda_portal.privacy.models import Kind
from oda_portal.publishing.texts import text_in
from oda_portal.seats import actions as seats
from oda_portal.seats import waiting
from oda_portal.seats.models import Pool, Seat
from oda_portal.seats.rows import lock, seats_of

from ..models import Forum, ForumSession, Need, Registration
from ..models.registrations import State
from . import mails, sessions
from .times import may_be_cancelled, may_be_changed

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


NEED = "forums.need"


class RefusedError(Exception):
    """Nothing was changed; what it says is a sentence for the person."""


class ClosedError(RefusedError):
    """Registration is not open, or the event is over, cancelled or frozen."""


class FullError(RefusedError):
    """Not as many places are left as the party would need now."""


@dataclass(frozen=True, kw_only=True)
class Details:
    """What somebody says of themselves and of those they bring."""

    name: str
    language: str
    affiliation: str = ""
    size: int = 1
    needs: str = ""

    def columns(self) -> dict[str, object]:
        names = ("name", "language", "affiliation", "size")
        return {name: getattr(self, name) for name in names}


# --- coming, and not coming ------------------------------------------------------------------


@transaction.atomic
def register(
    forum: Forum,
    *,
    email: str,
    details: Details,
    chosen: Iterable[ForumSession] = (),
    user: User | None = None,
    by: User | None = None,
    answers: forms.BaseForm | None = None,
) -> Registration:
    """Confirm it, or put it on the waiting list, and tell so by mail.

    Whoever stands already is given back as they are, and nothing is sent. `user` is whose account
    it is, `by` who did it; `answers` is a valid form with consents. `chosen` are sessions with
    places, which only who has a place at the event can have. Raises ClosedError.
    """
    _refuse_closed(forum)
    email, chosen = email.lower(), list(chosen)
    registration = _created(forum, email, details, user)
    is_new = registration is not None
    if registration is None:
        registration = Registration.objects.get(forum=forum, email=email)
    else:
        # Before the lock: nobody else sees the row yet, and a crowd waits for the lock.
        record_transition(registration, "state", "", "registered", by=by)
        _keep(registration, details, answers)
    _lock(registration, chosen)
    # As it is now that nobody else moves: it may have been closed or called off meanwhile.
    _refuse_closed(Forum.objects.select_related("program", "pool").get(pk=forum.pk))
    if not is_new:
        if not _come_again(registration, details, user, by=by):
            return registration
        _keep(registration, details, answers)
    if _seat(registration).state == Seat.State.HELD and chosen:
        sessions.choose(registration, chosen, by=by)
    mails.registered(registration)
    return registration


@transaction.atomic
def cancel(registration: Registration, *, by: User | None, reason: str = "") -> bool:
    """Give everything back, for the next in line. False when it was cancelled, or when it is too
    late: the event is over, or somebody of the party is in.
    """
    _lock(registration)
    registration.refresh_from_db()
    if not may_be_cancelled(registration) or not registration.cancel(by=by, reason=reason):
        return False
    forget_needs_unless_held(registration, rule="cancelled")
    for seat in seats_of(registration).order_by("pool"):
        seats.release(seat.pool, registration)
    mails.cancelled(registration)
    return True


@transaction.atomic
def accept(registration: Registration, *, by: User | None) -> bool:
    """Say yes to the place that was offered; False when there is no offer, or its time ran out."""
    _lock(registration)
    registration.refresh_from_db()
    if registration.cancelled_at or not may_be_changed(registration):
        return False
    if not seats.accept(_pool(registration), registration):
        return False
    record_transition(registration, "state", State.OFFERED, State.CONFIRMED, by=by)
    mails.registered(registration)
    return True


def decline(registration: Registration, *, by: User | None) -> bool:
    """Say no to it, or leave the waiting list: which is to cancel."""
    waits = registration.state in (State.OFFERED, State.WAITING)
    return waits and cancel(registration, by=by)


@transaction.atomic
def wait_again(registration: Registration, *, by: User | None) -> bool:
    """Come to the end of the line once more, after the time to answer ran out, or a cancellation.

    False for who stands, when registration is closed, and for who took the consent back: the form
    asks for it anew.
    """
    forum = Forum.objects.select_related("program", "pool").get(pk=registration.forum_id)
    if not forum.takes_registrations() or forum.pool is None:
        return False
    _lock(registration)
    registration.refresh_from_db()
    if not has_agreed(registration) or not registration.revive(by=by):
        return False
    _seat(registration)
    mails.registered(registration)
    return True


def has_agreed(registration: Registration) -> bool:
    """Whether what is kept of them may still be used for the event."""
    return consents.has_given(registration, Kind.ATTENDANCE)


# --- changing --------------------------------------------------------------------------------


@transaction.atomic
def change(
    registration: Registration,
    *,
    details: Details,
    chosen: Iterable[ForumSession] | None = None,
    by: User | None,
    answers: forms.BaseForm | None = None,
) -> bool:
    """Write down what is different; with `chosen`, hold or wait for these sessions and no others.

    False when it was cancelled meanwhile. Raises ClosedError once the event has begun, and
    FullError when the party becomes larger than there are places.
    """
    chosen = None if chosen is None else list(chosen)
    _lock(registration, chosen or ())
    registration.refresh_from_db()
    if registration.cancelled_at:
        return False
    if not may_be_changed(registration):
        raise ClosedError(_("The event has begun. Please talk to us at the entrance."))
    _keep(registration, details, answers)
    _resize(registration, details.size)
    for name, value in details.columns().items():
        setattr(registration, name, value)
    registration.save(update_fields=list(details.columns()))
    if chosen is not None and registration.is_confirmed:
        sessions.choose(registration, chosen, by=by)
    return True


def _resize(registration: Registration, size: int) -> None:
    if size < registration.arrived:
        raise FullError(_("More people of your party are in already."))
    for seat in seats_of(registration).order_by("pool"):
        if seat.size != size and not seats.resize(seat.pool, registration, size):
            session = getattr(seat.pool, "forum_session", None)
            raise FullError(
                _("There are not enough places left for a larger party. Yours stays as it was.")
                if session is None
                else _("“%(session)s” has no places left for a larger party.")
                % {"session": text_in(session, "title").text}
            )


# --- within the acts -------------------------------------------------------------------------


def _refuse_closed(forum: Forum) -> None:
    if not forum.takes_registrations() or forum.pool is None:
        raise ClosedError(_("Registration for this event is closed."))


def _created(forum: Forum, email: str, details: Details, user: User | None) -> Registration | None:
    """A new row; None when this address has one. It is visible to nobody before its seat is."""
    try:
        with transaction.atomic():
            return Registration.objects.create(
                forum=forum, email=email, user=user, **details.columns()
            )
    except IntegrityError:
        if Registration.objects.filter(forum=forum, email=email).exists():
            return None
        raise


def _come_again(
    registration: Registration, details: Details, user: User | None, *, by: User | None
) -> bool:
    """False for who stands already."""
    current = Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)
    registration.refresh_from_db()
    if not current.cancelled_at or not registration.revive(by=by):
        return False
    for name, value in details.columns().items():
        setattr(registration, name, value)
    registration.user = user or registration.user
    registration.registered_at = timezone.now()
    registration.save(update_fields=[*details.columns(), "user", "registered_at"])
    return True


def _seat(registration: Registration) -> Seat:
    """A place, or one in line; the pool is locked."""
    pool, size = _pool(registration), registration.size
    if seat := seats.take(pool, registration, size=size):
        return seat
    seat = waiting.wait(pool, registration, size=size)
    if Pool.objects.filter(pk=pool.pk, taken__lt=F("capacity")).exists():
        waiting.pass_on(pool)  # nobody may have wanted what was free
        seat.refresh_from_db()
    return seat


def _keep(registration: Registration, details: Details, answers: forms.BaseForm | None) -> None:
    """The consents, and what they allow to keep of the needs."""
    if answers is not None:
        consents.give_all(registration, answers, by=registration.user)
    if details.needs:
        text = {"text": details.needs}
        Need.objects.update_or_create(registration=registration, defaults=text)
    else:
        forget_needs(registration, rule="taken out by the person")


def forget_needs(registration: Registration, *, rule: str) -> None:
    """Raises HeldError, with nothing changed, when they are on hold."""
    destroy_all(NEED, Need.objects.filter(registration=registration), rule=rule)


def forget_needs_unless_held(registration: Registration, *, rule: str) -> None:
    """Whoever does not come needs nothing; what is on hold goes when its own time is over."""
    with suppress(HeldError):
        forget_needs(registration, rule=rule)


def _pool(registration: Registration) -> Pool:
    pool = registration.forum.pool
    if pool is None:
        raise ValueError("registrations are made where there are places")
    return pool


def _lock(registration: Registration, chosen: Iterable[ForumSession] = ()) -> None:
    """Hold the edition's places, then those that it has in sessions, and those that it wants."""
    lock(_pool(registration).pk)
    theirs = seats_of(registration).values_list("pool", flat=True)
    own = (session for session in chosen if session.forum_id == registration.forum_id)
    lock(*theirs, *(session.pool_id for session in own if session.pool_id))
