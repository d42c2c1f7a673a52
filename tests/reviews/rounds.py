"""A stage that is reviewed: a call, its criteria, applications in it, and reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from oda_portal.reviews import actions
from oda_portal.reviews.actions import Marks
from oda_portal.reviews.models import Review, Rubric
from tests.doors import sign_in_staff
from tests.factories import CriterionFactory, ReviewFactory, RubricFactory, StaffFactory
from tests.volunteers.rounds import applicant, opening_in_review
from volunteers.models import Application


def a_stage(count: int = 1, *, weights: Sequence[int] = (40, 30, 30), **fields: Any) -> Rubric:
    """A stage of one call with so many applications in it."""
    opening = opening_in_review(5)
    state = "interview" if fields.get("stage") == "interview" else "screening"
    for _number in range(count):
        applicant(opening, state=state)
    rubric = RubricFactory(round=opening.call, **fields)
    for position, weight in enumerate(weights):
        CriterionFactory(rubric=rubric, weight=weight, position=position)
    return rubric


def subjects(rubric: Rubric) -> list[Application]:
    return list(Application.objects.filter(call=rubric.round).order_by("pk"))


def reviewer(**fields: Any) -> User:
    """Somebody of the staff with that role and no other power."""
    set_up_roles()
    user = StaffFactory(is_superuser=False, **fields)
    user.groups.add(Group.objects.get(name="reviewer"))
    return user


def assigned(rubric: Rubric, to: User | None = None, subject: Application | None = None) -> Review:
    about = subject or subjects(rubric)[0]
    return ReviewFactory(rubric=rubric, subject=about, reviewer=to or reviewer())


def marks(rubric: Rubric, *values: int | None) -> dict[int, Marks]:
    criteria = rubric.criteria.all()
    return {one.pk: Marks(value) for one, value in zip(criteria, values, strict=True)}


def reviewed(rubric: Rubric, subject: Application, *values: int) -> Review:
    """Submitted, by somebody of their own."""
    review = assigned(rubric, subject=subject)
    assert review.reviewer is not None
    actions.submit(review, marks(rubric, *values), by=review.reviewer)
    return review


def sign_in_reviewer(client: Client, **fields: Any) -> User:
    user = reviewer(**fields)
    sign_in_staff(client, user)
    return user


def page_of(review: Review, name: str = "review_detail", *, language: str = "ko") -> str:
    with translation.override(language):
        return reverse(f"reviews:{name}", args=[review.uuid])


def typed(rubric: Rubric, *values: object, **more: str) -> dict[str, str]:
    """What the form of a review sends."""
    pairs = zip(rubric.criteria.all(), values, strict=True)
    return {**{f"score_{one.pk}": str(value) for one, value in pairs}, **more}
