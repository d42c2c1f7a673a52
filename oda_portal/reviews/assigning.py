"""Who reviews what: spread evenly, with enough reviewers for each, and never a conflict."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Count, Q

from oda_portal.audit.models import Transition

from . import mails
from .models import Review, ReviewState, Rubric
from .registry import kind_of

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

CODENAME = "score_review"


def possible_reviewers() -> models.QuerySet[User]:
    """Staff whose role lets them review; a superuser without that role is asked for nothing."""
    may = Permission.objects.filter(content_type__app_label="reviews", codename=CODENAME)
    staff = get_user_model().objects.filter(is_staff=True, is_active=True)
    given = Q(groups__permissions__in=may) | Q(user_permissions__in=may)
    return staff.filter(given).distinct().order_by("name", "email")


class Pair(NamedTuple):
    subject_id: int
    reviewer: User


@dataclass(frozen=True)
class Plan:
    """What assigning would do now."""

    rubric: Rubric
    pairs: Sequence[Pair]
    # Each chosen reviewer with how many they have already.
    loads: Sequence[tuple[User, int]]
    # How many will still lack reviewers: too few are chosen, or conflicts are in the way.
    short: int

    @property
    def stamp(self) -> str:
        """What was shown; another stamp later means that something changed meanwhile."""
        words = [f"{pair.subject_id}:{pair.reviewer.pk}" for pair in self.pairs]
        return hashlib.sha256(",".join([str(self.rubric.pk), *words]).encode()).hexdigest()[:16]

    def who_gets(self) -> list[tuple[User, int, int]]:
        """Reviewer, how many they have, and how many more they get."""
        more = Counter(pair.reviewer.pk for pair in self.pairs)
        return [(reviewer, has, more[reviewer.pk]) for reviewer, has in self.loads]


def plan(rubric: Rubric, reviewers: Sequence[User]) -> Plan:
    """Give each subject of the stage what it lacks, from whoever has least; nothing is written.

    The same rows and reviewers always give the same plan, so that what was shown is what is done.
    """
    needs = _needs(rubric)
    barred = _barred(rubric, needs)
    loads = _loads(rubric, reviewers)
    now = dict(loads)
    pairs, short = [], 0
    for pk, need in needs.items():
        free = [one for one in reviewers if one.pk not in barred.get(pk, ())]
        chosen = sorted(free, key=lambda one: (now[one.pk], _turn(pk, one.pk)))[:need]
        pairs += [Pair(pk, one) for one in chosen]
        short += len(chosen) < need
        for one in chosen:
            now[one.pk] += 1
    return Plan(rubric, pairs, [(one, loads[one.pk]) for one in reviewers], short)


def _needs(rubric: Rubric) -> dict[int, int]:
    """Subjects of the stage that lack reviewers, and how many."""
    kind = kind_of(rubric.round)
    here = kind.subjects(rubric.round, rubric.stage).order_by("pk")
    # Not those that wait for somebody who is no reviewer any more.
    sure = Q(state=ReviewState.SUBMITTED) | Q(reviewer__in=possible_reviewers().values("pk"))
    counted = rubric.reviews.counted().filter(sure).order_by()
    have = dict(counted.values_list("object_id").annotate(n=Count("pk")))
    lacks = {
        pk: rubric.reviewers_wanted - have.get(pk, 0) for pk in here.values_list("pk", flat=True)
    }
    return {pk: need for pk, need in lacks.items() if need > 0}


def _barred(rubric: Rubric, subjects: dict[int, int]) -> dict[int, set[int]]:
    """Who cannot review what: asked already, a conflict in any stage, or it is their own."""
    kind = kind_of(rubric.round)
    rows = Review.objects.filter(content_type=ContentType.objects.get_for_model(kind.model))
    asked = rows.filter(rubric=rubric) | rows.filter(state=ReviewState.CONFLICT)
    barred: dict[int, set[int]] = {}
    for pk, reviewer in asked.values_list("object_id", "reviewer_id"):
        barred.setdefault(pk, set()).add(reviewer)
    rows_to_assign = kind.model._default_manager.filter(pk__in=list(subjects))
    for pk, own in kind.accounts(rows_to_assign).items():
        barred.setdefault(pk, set()).update(own)
    return barred


def _loads(rubric: Rubric, reviewers: Sequence[User]) -> dict[int, int]:
    counted = rubric.reviews.counted().values_list("reviewer_id").annotate(n=Count("pk"))
    have = dict(counted.order_by())
    return {one.pk: have.get(one.pk, 0) for one in reviewers}


def _turn(subject: int, reviewer: int) -> bytes:
    """An order that differs from subject to subject: the same people are not always together."""
    return hashlib.blake2b(f"{subject}:{reviewer}".encode(), digest_size=8).digest()


# --- doing it -----------------------------------------------------------------------------------


@transaction.atomic
def assign(rubric: Rubric, reviewers: Sequence[User], *, by: User, stamp: str = "") -> int | None:
    """Carry the plan out and tell each reviewer once; how many reviews were assigned.

    None, and nothing done, when the plan is no longer the one with this stamp. Twice is once:
    the second time nobody lacks a reviewer.
    """
    # Whoever assigns in this stage at the same time waits, and then plans anew.
    Rubric.objects.select_for_update().get(pk=rubric.pk)
    planned = plan(rubric, reviewers)
    if stamp and planned.stamp != stamp:
        return None
    content_type = ContentType.objects.get_for_model(kind_of(rubric.round).model)
    reviews = Review.objects.bulk_create(
        [
            Review(rubric=rubric, content_type=content_type, object_id=pk, reviewer=reviewer)
            for pk, reviewer in planned.pairs
        ],
        batch_size=500,
    )
    _record(reviews, by=by)
    for reviewer, _has, more in planned.who_gets():
        if more:
            own = [one for one in reviews if one.reviewer_id == reviewer.pk]
            mails.review_assigned(reviewer, own)
    return len(reviews)


@transaction.atomic
def take_back(reviews: models.QuerySet[Review], *, by: User) -> int:
    """Free those that are not submitted, drafts included, for somebody else; how many they were.

    Who falls ill declares nothing: without this their part would wait for ever.
    """
    waiting = list(
        Review.objects.select_for_update().filter(
            pk__in=list(reviews.values_list("pk", flat=True)), state=ReviewState.ASSIGNED
        )
    )
    _record(waiting, by=by, source=ReviewState.ASSIGNED, target="")
    Review.objects.filter(pk__in=[row.pk for row in waiting]).delete()
    return len(waiting)


def _record(
    reviews: Sequence[Review], *, by: User, source: str = "", target: str = ReviewState.ASSIGNED
) -> None:
    kind = ContentType.objects.get_for_model(Review)
    rows: list[Any] = [
        Transition(
            content_type=kind,
            object_id=review.pk,
            field="state",
            from_state=source,
            to_state=target,
            by=by,
        )
        for review in reviews
    ]
    Transition.objects.bulk_create(rows, batch_size=500)
