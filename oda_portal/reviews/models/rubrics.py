"""By what reviewers score, in one stage of one round."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.accounts.areas import areas_of, is_led, within
from oda_portal.publishing.models import TextQuerySet

from ..permissions import can_view_guides
from ..registry import registered

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User

LOWEST, HIGHEST = 0, 5


class Stage(models.TextChoices):
    DOCUMENTS = "documents", pgettext_lazy("review", "Documents")
    INTERVIEW = "interview", pgettext_lazy("review", "Interview")


class RubricQuerySet(TextQuerySet):
    def in_round(self, round_: models.Model) -> Self:
        kind = ContentType.objects.get_for_model(round_)
        return self.filter(content_type=kind, object_id=round_.pk).order_by("opens_at", "pk")

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of the kinds of rounds that they have to do with, and of programme that they work on."""
        rounds = [kind.round_model for kind in registered() if can_view_guides(user, kind)]
        match = Q(pk__in=[])
        for model, kind in ContentType.objects.get_for_models(*rounds).items():
            of_kind = Q(content_type=kind)
            if areas_of(user) is not None and is_led(model):
                theirs = model._base_manager.filter(within(user, model))
                of_kind &= Q(object_id__in=theirs.values("pk"))
            match |= of_kind
        return self.filter(match)


class Rubric(models.Model):
    """What reviewers are asked in one stage of a round, when, and how many of them."""

    content_type = models.ForeignKey(
        ContentType, models.PROTECT, editable=False, verbose_name=_("kind")
    )
    object_id = models.PositiveBigIntegerField(editable=False)
    round = GenericForeignKey()
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    is_blind = models.BooleanField(
        _("blind"),
        default=True,
        help_text=_(
            "Reviewers see no name, photo, school, file or email address. Usually"
            " chosen for documents."
        ),
    )
    guide = models.TextField(
        _("what reviewers should know"),
        max_length=2000,
        blank=True,
        help_text=_("Shown above the scores."),
    )
    opens_at = models.DateTimeField(_("opens at"), help_text=_("Korea time."))
    closes_at = models.DateTimeField(
        _("closes at"), help_text=_("Korea time. After this no score can be given or changed.")
    )
    reviewers_wanted = models.PositiveSmallIntegerField(
        _("reviewers for each"),
        default=2,
        validators=[MinValueValidator(2), MaxValueValidator(9)],
        help_text=_("At least two."),
    )
    divergence = models.DecimalField(
        _("divergence"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("1.50"),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(HIGHEST)],
        help_text=_("Two reviews whose means differ by this or more are flagged."),
    )

    objects = RubricQuerySet.as_manager()

    class Meta:
        ordering = ["-closes_at", "-pk"]
        verbose_name = pgettext_lazy("reviews", "scoring guide")
        verbose_name_plural = pgettext_lazy("reviews", "scoring guides")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "stage"],
                name="rubric_once_for_each_round_and_stage",
            ),
            models.CheckConstraint(
                condition=Q(reviewers_wanted__gte=2),
                name="rubric_wants_two_reviewers",
                violation_error_message=_("Each needs at least two reviewers."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="rubric_closes_after_it_opens",
                violation_error_message=_("Reviewing closes before it opens. Check both times."),
            ),
            models.CheckConstraint(
                condition=Q(divergence__gt=0),
                name="rubric_divergence_is_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.get_stage_display()}"

    def is_open(self, now: datetime | None = None) -> bool:
        return self.opens_at <= (now or timezone.now()) < self.closes_at

    def is_closed(self, now: datetime | None = None) -> bool:
        return self.closes_at <= (now or timezone.now())

    def has_scores(self) -> bool:
        """Whether somebody has begun to score: the criteria and their weights stay from then on."""
        return Criterion.objects.filter(rubric=self, scores__isnull=False).exists()


class Criterion(models.Model):
    rubric = models.ForeignKey(
        Rubric, models.CASCADE, related_name="criteria", verbose_name=_("scoring guide")
    )
    name = models.CharField(pgettext_lazy("criterion", "name"), max_length=120)
    description = models.TextField(
        pgettext_lazy("criterion", "what the scores mean"),
        max_length=600,
        blank=True,
        help_text=_("What earns a 0, and what a 5."),
    )
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_("Compared with the others: 40, 30 and 30 are as good as 4, 3 and 3."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gte=1),
                name="criterion_weighs_something",
                violation_error_message=_("A weight is 1 or more."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def share(self, total: int) -> Fraction:
        """Its part of the whole, when all the rubric's weights are `total`."""
        return Fraction(self.weight, total)
