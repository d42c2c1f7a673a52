"""Choosing and moving interviews: each in one transaction, safe to do twice and by many at once.

Locks are taken in one order everywhere: the call, pools by number, the application. Whoever
chooses in a call waits for the one before; what decides about a place is `seats.take` all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils import timezone

from oda_portal.audit.models import record_transition
from oda_portal.seats import actions as seats
from oda_portal.seats.models import Pool, Seat
from oda_portal.seats.rows import lock

from . import interview_mails as mails
from .models import Application, Call, InterviewSlot
from .models.interviews import may_have_interview, people_in, slot_of

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

# What the trail calls it: which slot an application had, and which it has now.
FIELD = "interview"
# On the day before, not in the night.
REMIND_FROM_HOUR = 9


class InterviewError(Exception):
    """Nothing was changed."""


class SlotFilledError(InterviewError):
    """No place is left in the slot, or there is no such slot any more."""


class ChoosingClosedError(InterviewError):
    """The time until which interviews are chosen is over."""


class NotInvitedError(InterviewError):
    """The application is not, or no longer, one of those who are interviewed."""


class Standing(NamedTuple):
    """What an applicant may know and do about the interview now."""

    slot: InterviewSlot | None
    may_choose: bool


def standing(application: Application) -> Standing | None:
    """None for whoever is not invited, and where there is nothing to choose from."""
    if not may_have_interview(application) or not application.call.has_interviews():
        return None
    return Standing(slot_of(application), application.call.may_choose_interview())


# --- by the applicant ------------------------------------------------------------------------


@transaction.atomic
def choose(application: Application, slot: InterviewSlot, *, by: User) -> bool:
    """Take a place in this slot and give back the one held before; False when it is held already.

    Raises ChoosingClosedError, NotInvitedError or SlotFilledError, and changes nothing then.
    """
    call = lock_call(application)
    if not call.may_choose_interview():
        raise ChoosingClosedError
    old, new = _change(application, slot, by=by)
    if old == new:
        return False
    mails.chosen(application, new)
    return True


# --- by staff --------------------------------------------------------------------------------


@transaction.atomic
def put(application: Application, slot: InterviewSlot, *, by: User, reason: str) -> bool:
    """Give somebody a place in this slot, at any time; False when it is theirs already.

    Raises NotInvitedError or SlotFilledError, and changes nothing then.
    """
    lock_call(application)
    old, new = _change(application, slot, by=by, reason=reason)
    if old == new:
        return False
    if old:
        mails.moved(application, new)
    else:
        mails.chosen(application, new)
    return True


@transaction.atomic
def take_back(application: Application, *, by: User, reason: str) -> bool:
    """Free somebody's place, and tell them; False when they hold none."""
    lock_call(application)
    slot = free(application, by=by, reason=reason)
    if slot is None:
        return False
    mails.taken_back(application, slot)
    return True


def free(application: Application, *, by: User | None, reason: str = "") -> InterviewSlot | None:
    """Give back the place in a slot without a word; the slot, or None when there was none."""
    slot = slot_of(application)
    if slot is None or not seats.release(slot.pool, application):
        return None
    record_transition(application, FIELD, _trail(slot), "", by=by, reason=reason)
    return slot


@transaction.atomic
def free_ahead(application: Application, *, by: User | None) -> bool:
    """For whoever is decided about before the interview; one that was held stays as it was."""
    slot = slot_of(application)
    if slot is None or not slot.is_to_come:
        return False
    lock_call(application)
    return free(application, by=by) is not None


def lock_call(application: Application) -> Call:
    """Let nobody of this call choose until the transaction ends; before any other lock."""
    return Call.objects.select_for_update(no_key=True).get(pk=application.call_id)


class Change(NamedTuple):
    old: InterviewSlot | None
    new: InterviewSlot


def _change(application: Application, slot: InterviewSlot, *, by: User, reason: str = "") -> Change:
    """From the slot held now to this one; the caller holds the lock of the call."""
    old = slot_of(application)
    lock(slot.pool_id, *([old.pool_id] if old else []))
    current = Application.objects.select_for_update().filter(pk=application.pk).first()
    if current is None or not may_have_interview(current):
        raise NotInvitedError
    if old == slot:
        return Change(old, slot)
    # As it stands now: staff may have moved or removed it since the page was made.
    rows = InterviewSlot.objects.with_places().to_come()
    new = rows.filter(pk=slot.pk, call=current.call_id).first()
    if new is None or seats.take(new.pool, current) is None:
        raise SlotFilledError
    if old:
        seats.release(old.pool, current)
    before = _trail(old) if old else ""
    record_transition(current, FIELD, before, _trail(new), by=by, reason=reason)
    return Change(old, new)


def _trail(slot: InterviewSlot) -> str:
    """2026-12-04 10:00 #17: within what the trail can hold."""
    return f"{timezone.localtime(slot.starts_at):%Y-%m-%d %H:%M} #{slot.pk}"


# --- slots -----------------------------------------------------------------------------------


class Times(NamedTuple):
    starts_at: datetime
    ends_at: datetime


def times_between(first: datetime, last: datetime, *, minutes: int) -> list[Times]:
    """One after the other from `first`, as many as end by `last`."""
    each, times = timedelta(minutes=minutes), []
    while first + each <= last:
        times.append(Times(first, first + each))
        first += each
    return times


@transaction.atomic
def make_slots(
    call: Call, times: Iterable[Times], *, places: int, place: Mapping[str, str], is_online: bool
) -> list[InterviewSlot]:
    """Slots for these times, each with so many places; those that are there already stay.

    `place` by the column of its language; the first of them tells whether it is the same place.
    """
    Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    made = []
    for one in new_times(call, times, place=place):
        slot = InterviewSlot(call=call, is_online=is_online, **one._asdict(), **place)
        slot.pool = Pool.objects.create(capacity=places)
        slot.save()
        made.append(slot)
    return made


def new_times(call: Call, times: Iterable[Times], *, place: Mapping[str, str]) -> list[Times]:
    """Those at which there is no slot at this place yet."""
    column, words = next(iter(place.items()))
    there = set(call.interview_slots.filter(**{column: words}).values_list("starts_at", flat=True))
    return [one for one in times if one.starts_at not in there]


@transaction.atomic
def move_slot(
    slot: InterviewSlot, times: Times, *, place: Mapping[str, str], is_online: bool
) -> int:
    """Give a slot another time or place and tell whoever sits there; how many were told.

    The same time and place once more change nothing and tell nobody.
    """
    # Whoever is choosing it now waits, and is told the new time.
    lock(slot.pool_id)
    current = InterviewSlot.objects.with_places().get(pk=slot.pk)
    wanted = {**times._asdict(), **place, "is_online": is_online}
    if all(getattr(current, name) == value for name, value in wanted.items()):
        return 0
    for name, value in wanted.items():
        setattr(current, name, value)
    current.save()
    people = people_in([current])[current.pk]
    return sum(mails.moved(application, current) for application in people)


@transaction.atomic
def remove_slots(slots: Iterable[InterviewSlot]) -> list[InterviewSlot]:
    """Delete the slots in which nobody sits, with their pools; those that stayed."""
    rows = sorted(slots, key=lambda slot: slot.pool_id)
    lock(*(slot.pool_id for slot in rows))
    stayed = []
    for slot in rows:
        if Seat.objects.filter(pool=slot.pool_id, state=Seat.State.HELD).exists():
            stayed.append(slot)
            continue
        slot.delete()
        # A seat that was given back keeps its row, and with it the pool, until its person goes.
        Pool.objects.filter(pk=slot.pool_id, seats=None).delete()
    return stayed


# --- reminders -------------------------------------------------------------------------------


def remind(now: datetime | None = None) -> int:
    """Remind, on the day before, everybody who still has an interview tomorrow; once each."""
    local = timezone.localtime(now)
    if local.hour < REMIND_FROM_HOUR:
        return 0
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = today + timedelta(days=1)
    slots = InterviewSlot.objects.with_places().filter(
        starts_at__gte=tomorrow, starts_at__lt=tomorrow + timedelta(days=1)
    )
    people = people_in(slots)
    return sum(
        mails.near(application, slot)
        for slot in slots
        for application in people[slot.pk]
        if may_have_interview(application)
    )
