"""Where a call sends people: one team to one place, with so many seats."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oda_portal.publishing.models import TextQuerySet
from oda_portal.seats.models import Pool
from partners.models import City
from programs.models import Program

from .calls import Call


class OpeningQuerySet(TextQuerySet):
    def with_place(self) -> Self:
        return self.select_related("city__country", "pool")


class Opening(models.Model):
    class Team(models.TextChoices):
        EDUCATION = "education", _("Education team")
        MEDICAL = "medical", _("Medical team")
        SKILLS = "skills", _("Skills team")
        YOUTH = "youth", _("Youth team")
        CULTURE = "culture", _("Culture team")

    class Mode(models.TextChoices):
        SELECTED = "selected", _("By selection")
        FIRST_COME = "first_come", _("First come, first served")

    call = models.ForeignKey(Call, models.CASCADE, related_name="openings", verbose_name=_("call"))
    team = models.CharField(_("team"), max_length=10, choices=Team)
    city = models.ForeignKey(
        City, models.PROTECT, related_name="openings", verbose_name=_("city of deployment")
    )
    departs_on = models.DateField(_("departs on"))
    returns_on = models.DateField(_("returns on"))
    # Recorded as an activity once it takes place; the call comes before.
    program = models.ForeignKey(
        Program,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="openings",
        verbose_name=_("deployment"),
        help_text=_("The programme, once there is one."),
    )
    mode = models.CharField(_("how places are given"), max_length=10, choices=Mode)
    pool = models.OneToOneField(Pool, models.PROTECT, editable=False, related_name="opening")
    tasks = models.TextField(_("what the team does"), max_length=600)
    requirement = models.CharField(
        _("who we are looking for"),
        max_length=300,
        blank=True,
        help_text=_("For example, a nurse’s licence."),
    )
    closes_at = models.DateTimeField(
        _("closes at"),
        null=True,
        blank=True,
        help_text=_("Korea time. If empty, it closes with the call."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        constraints = [
            models.CheckConstraint(
                condition=Q(returns_on__gte=F("departs_on")),
                name="opening_returns_after_it_departs",
                violation_error_message=_(
                    "The end date is before the start date. Check both dates."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city} · {self.get_team_display()}"

    @property
    def public_city(self) -> City | None:
        """Where the team goes, as long as everybody may see the city; the country always."""
        return self.city if self.city.is_public() else None

    @property
    def deadline(self) -> datetime:
        """The call's, or an earlier one of its own."""
        return min(self.closes_at or self.call.closes_at, self.call.closes_at)

    def is_open(self, now: datetime | None = None) -> bool:
        now = now or timezone.now()
        return self.call.opens_at <= now < self.deadline

    @property
    def is_first_come(self) -> bool:
        return self.mode == self.Mode.FIRST_COME


def age_on(born: date, day: date) -> int:
    """International age. Whoever is born on 29 February grows older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
