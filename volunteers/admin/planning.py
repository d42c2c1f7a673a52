"""What an act would do to each of the chosen applications, worked out before it is confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from oda_portal.mail.rendering import Stationery
from oda_portal.reviews import decisions
from oda_portal.seats import waiting
from volunteers import deciding
from volunteers.deciding import Wish
from volunteers.models import Application

from .forms import MoveForm
from .letters import Notice, notice_of


@dataclass
class Plan:
    """Who gets what; who finds no place left; who cannot be moved from where they are."""

    wishes: list[Wish] = field(default_factory=list)
    without: list[Application] = field(default_factory=list)
    refused: list[Application] = field(default_factory=list)

    def notices(self, act: str) -> list[Notice]:
        stationery = Stationery()
        return [notice_of(wish, act, stationery) for wish in self.wishes]


def plan_of(rows: Iterable[Application], act: str, form: MoveForm) -> Plan:
    """In the order of `rows`: the first of them come first on a reserve list, and to a place."""
    if act == "select":
        return _to_places(rows, form)
    if act == "keep_in_reserve":
        return _to_lists(rows, form)
    return Plan([Wish(row) for row in rows])


def _to_places(rows: Iterable[Application], form: MoveForm) -> Plan:
    plan, rows = Plan(), list(rows)
    held = decisions.held_among(rows)
    pools = {opening.pool_id: opening.pool for opening in form.openings.values()}
    awaited = set(waiting.awaited(pools))
    left = {pk: 0 if pk in awaited else pool.left for pk, pool in pools.items()}
    for row in rows:
        opening, before = form.opening_for(row), held.get(row.pk)
        # Who has a place set aside there already keeps that one.
        keeps = (
            before and opening and (before.outcome, before.pool_id) == ("select", opening.pool_id)
        )
        if opening and (keeps or left[opening.pool_id] > 0):
            plan.wishes.append(Wish(row, opening))
            left[opening.pool_id] -= not keeps
        else:
            plan.without.append(row)
    return plan


def _to_lists(rows: Iterable[Application], form: MoveForm) -> Plan:
    plan = Plan()
    ends: dict[int, int] = {}
    for row in rows:
        opening = form.opening_for(row)
        if opening is None:
            plan.without.append(row)
            continue
        end = ends.setdefault(opening.pk, deciding.next_rank(opening))
        wanted = form.number_now + len(plan.wishes) if form.number_now else end
        plan.wishes.append(Wish(row, opening, min(wanted, end)))
        ends[opening.pk] += 1
    return plan
