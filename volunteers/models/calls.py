"""A call for volunteers: readable by everybody, open for a time that the server's clock decides."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.models import Publishable, PublishableQuerySet
from oda_portal.publishing.rich import RichTextField


class Phase(models.TextChoices):
    """Computed from times on every read; never stored."""

    UPCOMING = "upcoming", pgettext_lazy("call", "Opens soon")
    OPEN = "open", pgettext_lazy("call", "Open")
    CLOSED = "closed", pgettext_lazy("call", "Closed")
    ANNOUNCED = "announced", pgettext_lazy("call", "Results out")


def _phases(now: datetime) -> dict[str, Q]:
    return {
        Phase.UPCOMING: Q(opens_at__gt=now),
        Phase.OPEN: Q(opens_at__lte=now, closes_at__gt=now),
        Phase.CLOSED: Q(closes_at__lte=now) & (Q(released_at=None) | Q(released_at__gt=now)),
        Phase.ANNOUNCED: Q(closes_at__lte=now, released_at__lte=now),
    }


class CallQuerySet(PublishableQuerySet):
    def in_phase(self, phase: str, now: datetime | None = None) -> Self:
        """Calls that `Call.phase` calls so at this moment."""
        return self.filter(_phases(now or timezone.now())[phase])

    def open_first(self, now: datetime | None = None) -> Self:
        """Open ones by deadline, then those to come as they open, then the latest closed."""
        phases = _phases(now or timezone.now())
        is_open, upcoming = phases[Phase.OPEN], phases[Phase.UPCOMING]
        group = Case(When(is_open, Value(0)), When(upcoming, Value(1)), default=Value(2))
        soonest = Case(When(is_open, F("closes_at")), When(upcoming, F("opens_at")))
        return self.order_by(group, soonest, "-closes_at", "pk")

    def over(self, now: datetime | None = None) -> Self:
        return self.filter(closes_at__lte=now or timezone.now())


class Call(Publishable):
    slug = models.SlugField(
        pgettext_lazy("web", "address"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$")],
    )
    edition = models.PositiveSmallIntegerField(
        pgettext_lazy("call", "edition"),
        null=True,
        blank=True,
        help_text=_("For the 12th call, enter 12."),
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), max_length=600)
    guide = RichTextField(_("guide"), blank=True)
    cost = models.TextField(
        _("what it costs"),
        max_length=600,
        blank=True,
        help_text=_("What the office pays and what the volunteers pay."),
    )
    opens_at = models.DateTimeField(_("opens at"), help_text=_("Korea time."))
    closes_at = models.DateTimeField(_("closes at"), help_text=_("Korea time."))
    released_at = models.DateTimeField(
        _("results at"),
        null=True,
        blank=True,
        help_text=_("Korea time. Nobody sees a result before then."),
    )
    confirm_by = models.DateTimeField(
        _("answer by"),
        null=True,
        blank=True,
        help_text=_("Korea time. Those selected must say by then whether they will take part."),
    )
    interview_choose_by = models.DateTimeField(
        _("interviews chosen by"),
        null=True,
        blank=True,
        help_text=_("Korea time. Those invited can choose and change a time until then."),
    )
    min_age = models.PositiveSmallIntegerField(
        _("youngest age"),
        default=19,
        validators=[MaxValueValidator(99)],
        help_text=_("International age, on the day below."),
    )
    age_on = models.DateField(_("day on which age counts"))
    max_choices = models.PositiveSmallIntegerField(
        _("openings a person may choose"), default=2, validators=[MaxValueValidator(5)]
    )
    is_demonstration = models.BooleanField(
        _("for demonstration"),
        default=False,
        help_text=_("Its page says that it is not a real call."),
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-closes_at", "-pk"]
        verbose_name = _("call for volunteers")
        verbose_name_plural = _("calls for volunteers")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="call_closes_after_it_opens",
                violation_error_message=_("The call closes before it opens. Check both times."),
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(released_at__gte=F("closes_at")),
                name="call_results_after_it_closes",
                violation_error_message=_(
                    "The results come before the call closes. Check both times."
                ),
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, confirm_by__isnull=True)
                | Q(
                    released_at__isnull=False,
                    confirm_by__isnull=False,
                    confirm_by__gt=F("released_at"),
                ),
                name="call_answers_after_results",
                violation_error_message=_(
                    "Enter the time of the results and a later one to answer by, or neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(max_choices__gte=1), name="call_lets_choose_at_least_one"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("volunteers:call_detail", args=[self.slug])

    def clean(self) -> None:
        """Interviews are chosen before the first of them begins."""
        super().clean()
        first = self.interview_slots.order_by("starts_at").first() if self.pk else None
        if first and (
            self.interview_choose_by is None or self.interview_choose_by > first.starts_at
        ):
            raise ValidationError(
                _(
                    "There are interview slots. Enter the time, before the first slot, by"
                    " which people must choose."
                ),
                code="interview_choose_by",
            )

    def has_interviews(self) -> bool:
        """Whether there are slots to choose from; without a time to choose by there are none."""
        return self.interview_choose_by is not None and self.interview_slots.exists()

    def may_choose_interview(self, now: datetime | None = None) -> bool:
        """Whether those invited may still choose a slot, or change it."""
        by = self.interview_choose_by
        return by is not None and (now or timezone.now()) < by

    def phase(self, now: datetime | None = None) -> Phase:
        """The phase at this moment, by the rules of `in_phase`."""
        now = now or timezone.now()
        if self.opens_at > now:
            return Phase.UPCOMING
        if self.closes_at > now:
            return Phase.OPEN
        return Phase.ANNOUNCED if self.results_are_out(now) else Phase.CLOSED

    def is_open(self, now: datetime | None = None) -> bool:
        return self.phase(now) == Phase.OPEN

    def results_are_out(self, now: datetime | None = None) -> bool:
        return self.released_at is not None and self.released_at <= (now or timezone.now())

    @property
    def result_on(self) -> date | None:
        """The day, in Korea, on which applicants are told."""
        return timezone.localdate(self.released_at) if self.released_at else None
