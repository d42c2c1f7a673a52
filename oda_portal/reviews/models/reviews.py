"""One reviewer's look at one subject, and the scores that came of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition

from .rubrics import HIGHEST, LOWEST, Criterion, Rubric

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User


class ReviewState(models.TextChoices):
    ASSIGNED = "assigned", pgettext_lazy("review", "To do")
    SUBMITTED = "submitted", pgettext_lazy("review", "Submitted")
    CONFLICT = "conflict", pgettext_lazy("review", "Conflict of interest")


# Each act, from which states, and to which.
MOVES: dict[str, tuple[tuple[ReviewState, ...], ReviewState]] = {
    "submit": ((ReviewState.ASSIGNED,), ReviewState.SUBMITTED),
    "reopen": ((ReviewState.SUBMITTED,), ReviewState.ASSIGNED),
    "declare_conflict": (
        (ReviewState.ASSIGNED, ReviewState.SUBMITTED),
        ReviewState.CONFLICT,
    ),
}


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A reviewer's own; with a conflict of interest it is closed to them too."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(reviewer=user).exclude(state=ReviewState.CONFLICT)

    def counted(self) -> Self:
        """Those that are done or will be: a conflict leaves the place to somebody else."""
        return self.exclude(state=ReviewState.CONFLICT)

    def waiting(self, now: datetime | None = None) -> Self:
        """To be done, in a stage that is open."""
        now = now or timezone.now()
        in_time = {"rubric__opens_at__lte": now, "rubric__closes_at__gt": now}
        return self.filter(state=ReviewState.ASSIGNED, **in_time)

    def of(self, subject: models.Model) -> Self:
        kind = ContentType.objects.get_for_model(subject)
        return self.filter(content_type=kind, object_id=subject.pk)


class Review(models.Model):
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    rubric = models.ForeignKey(
        Rubric, models.PROTECT, related_name="reviews", verbose_name=_("scoring guide")
    )
    content_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind"))
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    # SET_NULL: the account may be closed, the scores stay.
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="reviews",
        verbose_name=_("reviewer"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ReviewState, default=ReviewState.ASSIGNED
    )
    comment = models.TextField(_("comment"), max_length=3000, blank=True)
    assigned_at = models.DateTimeField(_("assigned at"), default=timezone.now)
    saved_at = models.DateTimeField(_("saved at"), null=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        permissions = [
            ("score_review", "Can score what is assigned to them"),
            ("assign_review", "Can assign reviewers"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rubric", "content_type", "object_id", "reviewer"],
                name="review_once_for_each_reviewer",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False),
                name="review_submitted_at_some_time",
            ),
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="review_subject")]

    def __str__(self) -> str:
        return f"{self.subject} · {self.reviewer or '–'}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:review_detail", args=[self.uuid])

    # --- moves -------------------------------------------------------------------------------

    def submit(self, *, by: User) -> bool:
        return self._move("submit", by=by, submitted_at=timezone.now())

    def reopen(self, *, by: User) -> bool:
        return self._move("reopen", by=by)

    def declare_conflict(self, *, by: User) -> bool:
        return self._move("declare_conflict", by=by, comment="")

    def _move(self, act: str, *, by: User, **values: object) -> bool:
        """Change the state if the row, as it stands now, allows it; False when it does not."""
        sources, target = MOVES[act]
        with transaction.atomic():
            # Of two who act at once the second finds the state that the first has left.
            current = Review.objects.select_for_update().get(pk=self.pk)
            before = ReviewState(current.state)
            if before in sources:
                Review.objects.filter(pk=self.pk).update(state=target, **values)
                record_transition(self, "state", before, target, by=by)
        self.refresh_from_db(fields=["state", "comment", "submitted_at"])
        return before in sources


class Score(models.Model):
    """What one reviewer gives for one criterion. NULL: not given yet, in a review to be done."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="scores", verbose_name=_("criterion")
    )
    value = models.PositiveSmallIntegerField(_("score"), null=True)
    comment = models.TextField(_("comment"), max_length=1000, blank=True)

    class Meta:
        ordering = ["criterion__position", "criterion_id"]
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "criterion"], name="score_once_for_each_criterion"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=LOWEST, value__lte=HIGHEST),
                name="score_within_the_scale",
                violation_error_message=_("A score is a whole number from 0 to 5."),
            ),
        ]

    def __str__(self) -> str:
        return "–" if self.value is None else str(self.value)
