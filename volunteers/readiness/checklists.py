"""The checklist of an opening: made with days counted back from departure, changed by staff."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from oda_portal.audit.models import record_transition

from ..models import ChecklistItem, Opening, Readiness

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

Kind = ChecklistItem.Kind

# So many days before departure; what takes long comes first.
DAYS_BEFORE = {
    Kind.PASSPORT: 60,
    Kind.VACCINATION: 45,
    Kind.GUARDIAN_CONSENT: 45,
    Kind.EMERGENCY_CONTACT: 30,
    Kind.ROLE_AGREEMENT: 30,
    Kind.INSURANCE: 21,
    Kind.ORIENTATION: 14,
}
# Whoever is confirmed late has at least so long, as long as there are that many days.
A_WEEK = timedelta(days=7)


def due_by_default(opening: Opening, kind: str, today: date) -> date:
    due = opening.departs_on - timedelta(days=DAYS_BEFORE[Kind(kind)])
    return min(max(due, today + A_WEEK), opening.departs_on - timedelta(days=1))


def ensure(opening: Opening) -> list[ChecklistItem]:
    """The opening's checklist; what is missing of it is made. Safe twice and at once."""
    have = {item.kind: item for item in opening.checklist.all()}
    today = timezone.localdate()
    missing = [kind for kind in DAYS_BEFORE if kind not in have]
    if missing:
        ChecklistItem.objects.bulk_create(
            [
                ChecklistItem(
                    opening=opening, kind=kind, due_on=due_by_default(opening, kind, today)
                )
                for kind in missing
            ],
            ignore_conflicts=True,
        )
    return list(ChecklistItem.objects.filter(opening=opening))


def stamp_of(opening: Opening) -> str:
    """What the checklist says now, in short: with another one it was changed meanwhile."""
    columns = [field.name for field in ChecklistItem._meta.concrete_fields]
    rows = [[str(getattr(row, name)) for name in columns] for row in _rows(opening)]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def _rows(opening: Opening) -> Iterable[ChecklistItem]:
    return ChecklistItem.objects.filter(opening=opening).order_by("pk").select_related("opening")


@transaction.atomic
def change(opening: Opening, items: Iterable[ChecklistItem], *, seen: str, by: User) -> bool:
    """Save a checklist as staff want it; False when it is not the one that was `seen` any more.

    Another day reminds anew.
    """
    # Of two who save at once the second waits here.
    Opening.objects.select_for_update().get(pk=opening.pk)
    if stamp_of(opening) != seen:
        return False
    before = {row.kind: row for row in _rows(opening)}
    for item in items:
        item.save()
        if item.kind in before:
            _note_changes(before[item.kind], item, by=by)
    return True


def _note_changes(before: ChecklistItem, item: ChecklistItem, *, by: User) -> None:
    for name in ("due_on", "is_wanted"):
        old, new = str(getattr(before, name)), str(getattr(item, name))
        if old != new:
            record_transition(item, name, old, new, by=by)
    if before.due_on != item.due_on:
        Readiness.objects.filter(item=item).update(reminded=None)
