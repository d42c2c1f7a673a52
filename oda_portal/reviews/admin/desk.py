"""Reviews that are due, on the first page of the back office."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.admin import Counted, Reminder, remind
from oda_portal.desk import planned
from oda_portal.desk.planned import MOST, Entry, Kind, Stretch

from .. import permissions
from ..models import Review, ReviewState, Rubric

NEAR = timedelta(days=7)


def due_soon(rows: QuerySet[Review]) -> QuerySet[Review]:
    """Of these those that are not done, though their time is over or ends within a week."""
    closing = timezone.now() + NEAR
    return rows.filter(state=ReviewState.ASSIGNED, rubric__closes_at__lte=closing)


@remind
def missing_reviews(request: HttpRequest) -> Counted | None:
    """To whoever assigns them, and can ask the reviewers or take them back."""
    if not permissions.can_assign_review(request.user):
        return None
    rows = admin.site.get_model_admin(Review).get_queryset(request)
    url = f"{reverse('admin:reviews_review_changelist')}?due=week"
    return Counted(due_soon(rows), _missing, url, is_urgent=True)


def _missing(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s review is not finished and is overdue or due within a week.",
        "%(count)s reviews are not finished and are overdue or due within a week.",
        count,
    ) % {"count": count}


@remind
def own_reviews(request: HttpRequest) -> Reminder | None:
    """To reviewers: what they have to do is on their own pages, not in the back office."""
    user = request.user
    if not permissions.can_score_review(user) or user.is_superuser:
        return None
    days = Review.objects.visible_to(user).waiting().order_by("rubric__closes_at")
    closing = list(days.values_list("rubric__closes_at", flat=True))
    if not closing:
        return None
    sentence = ngettext(
        "%(count)s review is waiting for you.", "%(count)s reviews are waiting for you.",
        len(closing),
    ) % {"count": len(closing)}  # fmt: skip
    is_urgent = closing[0] <= timezone.now() + NEAR
    url = reverse("reviews:review_list")
    return Reminder(sentence, url, len(closing), is_urgent, timezone.localdate(closing[0]))


@planned.register
def stages(request: HttpRequest, stretch: Stretch) -> Iterator[Entry]:
    """The end of each stage in which reviewers score."""
    if not permissions.can_assign_review(request.user):
        return
    rows = Rubric.objects.visible_to(request.user).filter(closes_at__range=stretch.times)
    for rubric in rows.prefetch_related("round").order_by("closes_at", "pk")[:MOST]:
        sentence = _("Scoring ends: %(stage)s.") % {"stage": rubric}
        url = reverse("admin:reviews_rubric_change", args=[rubric.pk])
        yield Entry(rubric.closes_at, Kind.DEADLINE, sentence, url)
