"""What comes after a deployment: days and hours, the service record, the survey."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition

from .applications import Application
from .openings import Opening

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

QUARTERS_A_DAY = 24 * 4


def hours_of(quarters: int | None) -> Decimal:
    """Hours are kept in quarters, so that adding them up is exact on every database."""
    return Decimal(quarters or 0) / 4


# --- attendance ----------------------------------------------------------------------------------


class TrainingDay(models.Model):
    """A day of training before departure, on which attendance counts as well."""

    opening = models.ForeignKey(
        Opening, models.CASCADE, related_name="training_days", verbose_name=_("opening")
    )
    on = models.DateField(_("date"))

    class Meta:
        ordering = ["on"]
        verbose_name = _("training day")
        verbose_name_plural = _("training days")
        constraints = [
            models.UniqueConstraint(
                fields=["opening", "on"], name="training_day_once_for_each_opening"
            ),
        ]

    def __str__(self) -> str:
        return self.on.isoformat()


class Attendance(models.Model):
    """One day of one person; without a row nobody has said anything about that day."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="attendance")
    on = models.DateField(_("date"))
    quarters = models.PositiveSmallIntegerField(
        _("quarters of an hour"), validators=[MaxValueValidator(QUARTERS_A_DAY)]
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["on"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "on"], name="attendance_once_for_each_day"
            ),
            models.CheckConstraint(
                condition=Q(quarters__gte=0, quarters__lte=QUARTERS_A_DAY),
                name="attendance_of_a_day_is_at_most_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on.isoformat()}: {self.hours}"

    @property
    def hours(self) -> Decimal:
        return hours_of(self.quarters)


class ServiceRecord(models.Model):
    """What somebody served, as the office has approved it; before, the row says that it has not."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("service record", "Not approved yet")
        APPROVED = "approved", pgettext_lazy("service record", "Approved")

    application = models.OneToOneField(Application, models.CASCADE, related_name="service")
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.OPEN, editable=False
    )
    # Copied from the attendance when it is approved, and fixed from then on.
    days = models.PositiveSmallIntegerField(_("days"), null=True, editable=False)
    quarters = models.PositiveIntegerField(_("quarters of an hour"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("service record")
        verbose_name_plural = _("service records")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", days=None, quarters=None, approved_at=None)
                | Q(
                    state="approved",
                    days__isnull=False,
                    quarters__isnull=False,
                    approved_at__isnull=False,
                ),
                name="service_record_approved_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_state_display())

    @property
    def is_approved(self) -> bool:
        return self.state == self.State.APPROVED

    @property
    def hours(self) -> Decimal:
        return hours_of(self.quarters)

    def approve(self, *, days: int, quarters: int, by: User) -> bool:
        """Fix days and hours; False when that was done before."""
        values: dict[str, Any] = {"days": days, "quarters": quarters}
        values["approved_at"] = timezone.now()
        return self._move(self.State.OPEN, self.State.APPROVED, by=by, approved_by=by, **values)

    def reopen(self, *, by: User, reason: str) -> bool:
        """Let attendance be corrected; False when it is not approved."""
        nothing: dict[str, Any] = dict.fromkeys(("days", "quarters", "approved_at", "approved_by"))
        return self._move(self.State.APPROVED, self.State.OPEN, by=by, reason=reason, **nothing)

    def _move(self, source: str, target: str, *, by: User, reason: str = "", **values: Any) -> bool:
        with transaction.atomic():
            current = ServiceRecord.objects.select_for_update().get(pk=self.pk)
            is_allowed = current.state == source
            if is_allowed:
                for name, value in {"state": target, **values}.items():
                    setattr(current, name, value)
                # Saved, not updated: public pages count what is approved.
                current.save()
                record_transition(self, "state", source, target, by=by, reason=reason)
        self.refresh_from_db()
        return is_allowed


# --- survey --------------------------------------------------------------------------------------

_SCORE = [MinValueValidator(1), MaxValueValidator(5)]


class SurveyAnswer(models.Model):
    """What somebody thought of it. After a year the scores stay, and nobody knows whose."""

    QUESTIONS = ("preparation", "work", "support", "again")

    application = models.OneToOneField(
        Application, models.SET_NULL, null=True, related_name="survey", editable=False
    )
    opening = models.ForeignKey(Opening, models.CASCADE, related_name="survey", editable=False)
    preparation = models.PositiveSmallIntegerField(
        _("preparation before departure"), validators=_SCORE
    )
    work = models.PositiveSmallIntegerField(_("work in the partner city"), validators=_SCORE)
    support = models.PositiveSmallIntegerField(_("support from the office"), validators=_SCORE)
    again = models.PositiveSmallIntegerField(_("would do it again"), validators=_SCORE)
    text = models.TextField(_("what we should know"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    sent_at = models.DateTimeField(_("answered at"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("survey answer")
        verbose_name_plural = _("survey answers")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    preparation__range=(1, 5),
                    work__range=(1, 5),
                    support__range=(1, 5),
                    again__range=(1, 5),
                ),
                name="survey_scores_from_1_to_5",
            ),
            # The words would say whose the scores are.
            models.CheckConstraint(
                condition=Q(application__isnull=False) | Q(text=""),
                name="survey_without_a_person_has_no_words",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
