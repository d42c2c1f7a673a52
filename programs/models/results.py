"""What came of a programme, and whether it is still in use."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from oda_portal.publishing.models import TextQuerySet

from .program import Program


class Indicator(models.Model):
    class Level(models.TextChoices):
        OUTPUT = "output", _("Output")
        OUTCOME = "outcome", _("Outcome")
        IMPACT = "impact", _("Impact")

    class Measure(models.TextChoices):
        """IATI indicator measures."""

        UNIT = "1", _("Number")
        PERCENTAGE = "2", _("Percentage")
        NOMINAL = "3", _("Nominal")
        ORDINAL = "4", _("Ordinal")
        QUALITATIVE = "5", _("Qualitative")

    program = models.ForeignKey(
        Program, models.CASCADE, verbose_name=_("programme"), related_name="indicators"
    )
    name = models.CharField(_("name"), max_length=150)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.OUTPUT)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    measure = models.CharField(_("measure"), max_length=1, choices=Measure, default=Measure.UNIT)
    baseline = models.DecimalField(
        _("baseline"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    target = models.DecimalField(
        _("target"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    def __str__(self) -> str:
        return self.name


class Measurement(models.Model):
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, verbose_name=_("indicator"), related_name="measurements"
    )
    measured_on = models.DateField(_("measured on"), null=True, blank=True)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    about = models.BooleanField(_("approximate"), default=False)
    announced = models.BooleanField(
        _("announced beforehand"),
        default=False,
        help_text=_("The number was announced before the event, not counted after it."),
    )

    class Meta:
        ordering = ["measured_on", "pk"]
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value:g}"


class MonitoringVisitQuerySet(TextQuerySet):
    def overdue(self, today: date) -> Self:
        """Planned for a day that has passed, and not made. For staff only."""
        return self.filter(visited_on=None, planned_on__lt=today)


class MonitoringVisit(models.Model):
    """A look at whether what was handed over is still in use."""

    program = models.ForeignKey(
        Program, models.CASCADE, verbose_name=_("programme"), related_name="visits"
    )
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    visited_on = models.DateField(_("visited on"), null=True, blank=True)
    findings = models.TextField(_("findings"), max_length=1000, blank=True)
    in_use = models.BooleanField(_("in use"), null=True, blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)

    objects = MonitoringVisitQuerySet.as_manager()

    class Meta:
        ordering = ["planned_on", "visited_on", "pk"]
        verbose_name = _("monitoring visit")
        verbose_name_plural = _("monitoring visits")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(planned_on__isnull=False) | models.Q(visited_on__isnull=False),
                name="visit_has_a_day",
                violation_error_message=_("Enter the day planned or the day of the visit."),
            ),
            # Pressing "handed over" twice must not plan the visits twice.
            models.UniqueConstraint(
                fields=["program", "planned_on"], name="one_planned_visit_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} {self.visited_on or self.planned_on}"
