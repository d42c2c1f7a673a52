"""Decisions: made one by one by a person, and released to everybody at the same time.

A decision that is held changes nothing that its subject could notice: it is a row of its own, and
what it leads to happens when it is released, in one transaction with the mail that tells it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from oda_portal.audit.models import record_transition

from .models import Decision

if TYPE_CHECKING:
    from oda_portal.accounts.models import User
    from oda_portal.seats.models import Pool

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Release:
    """How decisions about one kind of record are released.

    `due(moment)`: the records about which everybody may know at that moment.
    `lock(subject)`: hold whatever the app locks before the record itself.
    `apply(decision)`: do what it says and tell them; called once, in a transaction.
    """

    due: Callable[[datetime], models.QuerySet]
    lock: Callable[[Any], None]
    apply: Callable[[Decision], None]


_releases: dict[str, Release] = {}


def register(label: str, release: Release) -> None:
    """Rules for records of this model (`app.model`); raises ValueError when it has some."""
    if label in _releases:
        raise ValueError(f"decisions about {label} are registered twice")
    _releases[label] = release


def held_for(subject: models.Model) -> Decision | None:
    """The decision that waits for its time."""
    return _held(subject).select_related("pool").first()


def held_among(subjects: Sequence[models.Model]) -> dict[int, Decision]:
    """Those that wait for their time, by the subject's key; all subjects are of one model."""
    if not subjects:
        return {}
    kind = ContentType.objects.get_for_model(subjects[0])
    rows = Decision.objects.filter(content_type=kind, released_at=None)
    held = rows.filter(object_id__in=[row.pk for row in subjects]).select_related("decided_by")
    return {row.object_id: row for row in held}


@transaction.atomic
def decide(
    subject: models.Model, outcome: str, *, by: User, pool: Pool | None = None,
    rank: int | None = None, reason: str = "",
) -> Decision:  # fmt: skip
    """Decide, or decide otherwise as long as it is held. The caller has locked `subject`."""
    before = held_for(subject)
    decision = before or Decision(subject=subject)
    previous = decision.outcome
    decision.outcome, decision.pool, decision.rank = outcome, pool, rank
    decision.reason, decision.decided_by = reason, by
    decision.save()
    record_transition(subject, "decision", previous, outcome, by=by, reason=reason)
    return decision


@transaction.atomic
def take_back(subject: models.Model, *, by: User | None, reason: str = "") -> bool:
    """Forget a decision that is held; False when there is none."""
    decision = _held(subject).select_for_update().first()
    if decision is None:
        return False
    outcome = decision.outcome
    decision.delete()
    record_transition(subject, "decision", outcome, "", by=by, reason=reason)
    return True


def release_due() -> int:
    """Release whatever may be known by now, each in a transaction of its own; how many.

    Stopped half-way it goes on where it stopped. One that cannot be released is logged and keeps
    none of the others waiting.
    """
    now = timezone.now()
    return sum(_release_all(label, release.due(now)) for label, release in _releases.items())


def _release_all(label: str, subjects: models.QuerySet) -> int:
    kind = ContentType.objects.get_by_natural_key(*label.split("."))
    held = Decision.objects.filter(
        content_type=kind, released_at=None, object_id__in=subjects.values("pk")
    )
    released, stuck = 0, set()
    # Those who wait join in the order of their ranks; the rest in the order it was decided.
    rows = held.order_by(models.F("rank").asc(nulls_first=True), "pk")
    for pk, pool, rank in rows.values_list("pk", "pool", "rank"):
        if rank and pool in stuck:
            continue  # nobody comes before whoever could not join
        try:
            released += release(pk)
        except Exception:
            log.exception("decision %s could not be released", pk)
            stuck.add(pool)
    return released


@transaction.atomic
def release(pk: int) -> bool:
    """Apply one decision now; False when somebody else did, or it was taken back."""
    seen = Decision.objects.filter(pk=pk).select_related("content_type").first()
    if seen is None or seen.subject is None:
        return False
    rules = _releases[type(seen.subject)._meta.label_lower]
    rules.lock(seen.subject)
    list(type(seen.subject)._base_manager.select_for_update().filter(pk=seen.object_id))
    if not Decision.objects.filter(pk=pk, released_at=None).update(released_at=timezone.now()):
        return False
    decision = Decision.objects.select_related("pool").get(pk=pk)
    rules.apply(decision)
    return True


def _held(subject: models.Model) -> models.QuerySet[Decision]:
    kind = ContentType.objects.get_for_model(subject)
    return Decision.objects.filter(content_type=kind, object_id=subject.pk, released_at=None)
