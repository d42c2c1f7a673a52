"""Selecting: what staff decide about each application, held until the time of the results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import F

from oda_portal.reviews import decisions
from oda_portal.reviews.models import Decision
from oda_portal.seats import actions as seats
from oda_portal.seats import waiting

from . import interviews, mails, places
from .models import Application, Opening
from .models.states import DECISIONS, MOVES, State

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


class NoPlaceError(Exception):
    """All places of the opening are taken, or others wait for them; nothing was changed."""


@dataclass(frozen=True)
class Wish:
    """What is to be decided about one application: the opening, and the place on its list."""

    application: Application
    opening: Opening | None = None
    rank: int | None = None


@transaction.atomic
def decide(wish: Wish, act: str, *, by: User, reason: str = "") -> bool:
    """One of DECISIONS; a place is set aside at once, but nobody knows before the results are out.

    The opening is wanted by all but `not_select`. Who gets a rank comes before those who have it
    already; without one, at the end. False: not from here. Raises NoPlaceError.
    """
    if act not in DECISIONS:
        raise ValueError(act)
    application, opening = wish.application, wish.opening
    places.lock_places(application)
    current = Application.objects.select_for_update().get(pk=application.pk)
    if current.state not in MOVES[act][0]:
        return False
    _undo(application, by=by)
    if current.state == State.SUBMITTED:
        application.screen(by=by)  # from now on nothing of it is changed any more
    if act == "select" and (opening is None or not seats.take(opening.pool, application)):
        raise NoPlaceError
    rank = _make_room(opening, wish.rank) if opening and act == "keep_in_reserve" else None
    pool = opening.pool if opening else None
    decision = decisions.decide(application, act, by=by, pool=pool, rank=rank, reason=reason)
    if _may_be_known(current, act, opening):
        decisions.release(decision.pk)
        application.refresh_from_db()
    return True


def _may_be_known(before: Application, act: str, opening: Opening | None) -> bool:
    """Whether a decision that is made now is no news before its time, and overtakes nobody."""
    if before.state == State.RESERVE:
        return True  # they have been told already
    overtakes = act == "keep_in_reserve" and opening is not None and _held(opening).count() > 1
    return before.call.results_are_out() and not overtakes


def _undo(application: Application, *, by: User) -> bool:
    """Forget a held decision with the place that it set aside; False when there is none."""
    held = decisions.held_for(application)
    if held is None:
        return False
    decisions.take_back(application, by=by)
    if held.outcome == "select" and held.pool:
        seats.release(held.pool, application)
    return True


def _make_room(opening: Opening, rank: int | None) -> int:
    end = next_rank(opening)
    if rank is None or rank >= end:
        return end
    _held(opening).filter(rank__gte=rank).update(rank=F("rank") + 1)
    return rank


@transaction.atomic
def take_back(application: Application, *, by: User) -> bool:
    """Be undecided again; the place that was set aside is free. False: nothing was held."""
    places.lock_places(application)
    return _undo(application, by=by)


@transaction.atomic
def decide_all(
    wishes: Iterable[Wish], act: str, *, by: User, reason: str = ""
) -> tuple[list[Application], list[Application]]:
    """The same decision for all, in this order: those decided, and those without a place left."""
    decided: list[Application] = []
    without: list[Application] = []
    for wish in wishes:
        try:
            if decide(wish, act, by=by, reason=reason):
                decided.append(wish.application)
        except NoPlaceError:
            without.append(wish.application)
    return decided, without


def next_rank(opening: Opening) -> int:
    """The end of the opening's reserve list, with those who are still to join it."""
    return waiting.waiting_in(opening.pool).count() + _held(opening).count() + 1


def _held(opening: Opening) -> models.QuerySet[Decision]:
    """Those who are to join the opening's reserve list."""
    return Decision.objects.filter(pool=opening.pool_id, released_at=None, rank__isnull=False)


# --- at the time of the results ------------------------------------------------------------------


def register() -> None:
    rules = decisions.Release(due=due, lock=places.lock_places, apply=apply)
    decisions.register("volunteers.application", rules)


def due(moment: datetime) -> models.QuerySet[Application]:
    return Application.objects.filter(call__released_at__lte=moment)


def apply(decision: Decision) -> None:
    """Do what was decided, and tell the applicant; called once, when it is released."""
    application = decision.subject
    assert isinstance(application, Application)  # noqa: S101  (registered for these alone)
    by, reason = decision.decided_by, decision.reason
    if application.state not in MOVES[decision.outcome][0]:
        return  # what set a place aside was given back when it came to this
    interviews.free_ahead(application, by=by)
    if decision.outcome == "not_select":
        places.free_places(application)
        moved = application.not_select(by=by, reason=reason)
    else:
        assert decision.pool is not None  # noqa: S101  (without one no place was decided about)
        give = _select if decision.outcome == "select" else _keep_in_reserve
        moved = give(application, decision.pool.opening, by=by, reason=reason)
    if moved:
        mails.state_announced(application)


def _select(application: Application, opening: Opening, *, by: User | None, reason: str) -> bool:
    until = places.answer_until(opening, application.call.confirm_by)
    seats.offer(opening.pool, application, until=until)
    return application.select(by=by, opening=opening, answer_by=until, reason=reason)


def _keep_in_reserve(
    application: Application, opening: Opening, *, by: User | None, reason: str
) -> bool:
    waiting.wait(opening.pool, application)
    return application.keep_in_reserve(by=by, opening=opening, reason=reason)
