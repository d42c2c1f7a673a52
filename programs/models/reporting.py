"""What it takes before a programme is reported to IATI, and the names it is reported under."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.opendata.iati import codes
from oda_portal.publishing.models import TextQuerySet
from partners.models import Country, Organisation

from .program import Program

# What the standard lets a budget be for.
LONGEST_PERIOD = timedelta(days=365)


class Publisher(models.Model):
    """The organisation that the office reports as: one row, or nothing is reported.

    Its identifier is the organisation's `org_ref`, its name the organisation's name.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    organisation = models.OneToOneField(
        Organisation,
        models.PROTECT,
        verbose_name=_("organisation"),
        related_name="publishes_as",
        limit_choices_to={"org_ref__isnull": False},
        help_text=_("It must have an IATI organisation identifier that is really registered."),
    )
    secondary_reporter = models.BooleanField(
        _("reports for others"),
        default=False,
        help_text=_("Tick if another body is responsible for the activities."),
    )
    approved_on = models.DateField(
        _("agreed with the ministry on"),
        null=True,
        blank=True,
        help_text=_("National data is reported centrally: agree on who reports what."),
    )

    class Meta:
        verbose_name = _("publisher")
        verbose_name_plural = _("publisher")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="publisher_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.organisation.org_ref})"

    def clean(self) -> None:
        stored = Publisher.objects.filter(pk=self.pk).values_list("organisation", flat=True).first()
        is_another = stored is not None and stored != self.organisation_id
        if is_another and has_given_identifiers():
            sentence = _(
                "Identifiers that were given begin with this organisation’s. It cannot be changed."
            )
            raise ValidationError({"organisation": sentence})


class PublisherBudget(models.Model):
    """A line of the organisation file: what the office may spend or has spent in a year."""

    class Kind(models.TextChoices):
        BUDGET = "budget", _("Total budget")
        SPENT = "spent", _("Total expenditure")

    class Certainty(models.TextChoices):
        """IATI budget statuses."""

        INDICATIVE = "1", _("Forecast")
        COMMITTED = "2", _("Approved")

    publisher = models.ForeignKey(
        Publisher, models.CASCADE, verbose_name=_("publisher"), related_name="budgets"
    )
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.BUDGET)
    certainty = models.CharField(
        _("certainty"), max_length=1, choices=Certainty, default=Certainty.COMMITTED
    )
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("country or area"),
        related_name="+",
        help_text=_("Only for the part of the budget that goes to one country."),
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    amount = models.DecimalField(
        _("amount"), max_digits=15, decimal_places=0, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(
        _("currency"), max_length=3, default="KRW", validators=[RegexValidator(r"^[A-Z]{3}$")]
    )

    class Meta:
        ordering = ["starts_on", "pk"]
        verbose_name = _("publisher’s budget")
        verbose_name_plural = _("publisher’s budgets")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="publisher_budget_ends_after_it_begins",
                violation_error_message=_(
                    "The end date is before the start date. Check both dates."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.amount} ({self.starts_on.year})"

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on - self.starts_on > LONGEST_PERIOD:
            sentence = _("A budget is for a year at most. Enter one line for each year.")
            raise ValidationError({"ends_on": sentence})


class Reporting(models.Model):
    """Whether a programme is to be reported, and what IATI asks that nothing else says.

    Empty codes follow from the programme's kind (`programs.reporting.codes`).
    """

    program = models.OneToOneField(
        Program, models.CASCADE, verbose_name=_("programme"), related_name="reporting"
    )
    wanted = models.BooleanField(
        _("report to IATI"),
        default=False,
        help_text=_("It is reported once it is public and everything it needs is confirmed."),
    )
    national_number = models.CharField(
        _("national project number"),
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^[A-Za-z0-9._-]*$")],
        help_text=_("The number in the national ODA statistics, if it has one."),
    )
    scope = models.CharField(
        _("scope (IATI)"), max_length=1, blank=True, choices=partial(codes.choices, "ActivityScope")
    )
    collaboration_type = models.CharField(
        _("collaboration type"),
        max_length=1,
        blank=True,
        choices=partial(codes.choices, "CollaborationType"),
    )
    flow_type = models.CharField(
        _("flow type"), max_length=2, blank=True, choices=partial(codes.choices, "FlowType")
    )
    finance_type = models.CharField(
        _("finance type"), max_length=4, blank=True, choices=partial(codes.choices, "FinanceType")
    )
    aid_type = models.CharField(
        _("aid type"), max_length=4, blank=True, choices=partial(codes.choices, "AidType")
    )
    tied_status = models.CharField(
        _("tied status"), max_length=1, blank=True, choices=partial(codes.choices, "TiedStatus")
    )

    class Meta:
        verbose_name = _("reporting of a programme")
        verbose_name_plural = _("reporting of programmes")

    def __str__(self) -> str:
        return str(self.program)


class ReportingLevel(models.Model):
    """How far a programme was when it was last measured (`programs.reporting.measuring`).

    For lists of many programmes alone: what decides about a report asks the rules themselves.
    """

    program = models.OneToOneField(
        Program, models.CASCADE, primary_key=True, related_name="reporting_level"
    )
    # Of what must be met, besides being public, which the clock decides.
    unmet = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("level of reporting")
        verbose_name_plural = _("levels of reporting")
        indexes = [models.Index(fields=["unmet"], name="reporting_level_unmet")]

    def __str__(self) -> str:
        return str(self.unmet)


class Confirmation(models.Model):
    """Somebody of the staff looked at what stands in a programme and answered for it.

    It holds for exactly what was seen: `fingerprint` is a hash of it, and a later change of the
    programme leaves the confirmation behind.
    """

    class Aspect(models.TextChoices):
        SECTORS = "sectors", _("Sectors")
        SHARES = "shares", _("Countries and shares")
        ROLES = "roles", pgettext_lazy("organisation", "Roles")

    program = models.ForeignKey(
        Program, models.CASCADE, verbose_name=_("programme"), related_name="confirmations"
    )
    aspect = models.CharField(_("what was confirmed"), max_length=8, choices=Aspect)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("by"),
        related_name="+",
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["aspect"]
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        constraints = [
            models.UniqueConstraint(
                fields=["program", "aspect"], name="programme_confirms_an_aspect_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program}: {self.get_aspect_display()}"


class Identifier(models.Model):
    """The IATI identifier of a programme, given at its first publication and never changed.

    It outlives its programme, so that no other is ever given the same.
    """

    program = models.OneToOneField(
        Program,
        models.SET_NULL,
        null=True,
        editable=False,
        verbose_name=_("programme"),
        related_name="iati_identifier",
    )
    value = models.CharField(_("IATI identifier"), max_length=170, unique=True, editable=False)
    given_at = models.DateTimeField(_("first reported"), auto_now_add=True)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["value"]
        verbose_name = _("IATI identifier")
        verbose_name_plural = _("IATI identifiers")

    def __str__(self) -> str:
        return self.value

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once. A trigger of the database refuses what does not come by here."""
        if not self._state.adding:
            raise ValueError("an identifier that was given is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never: another programme could be given it."""
        raise ValueError("an identifier that was given is never removed")


def has_given_identifiers() -> bool:
    """Whether anything was ever reported: all identifiers begin with the publisher’s."""
    return Identifier.objects.exists()


def names_identifiers(organisation: int) -> bool:
    """Whether identifiers that were given begin with that of the organisation with this key."""
    return has_given_identifiers() and Publisher.objects.filter(organisation=organisation).exists()


class Publication(models.Model):
    """One attempt to publish a file; what the address serves is the last one that was clean."""

    class Kind(models.TextChoices):
        ACTIVITIES = "activities", pgettext_lazy("IATI", "Activities")
        ORGANISATION = "organisation", _("Organisation file")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    is_clean = models.BooleanField(_("without errors"), default=False)
    activities = models.PositiveIntegerField(_("activities"), default=0)
    sha256 = models.CharField(_("fingerprint"), max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    changed_at = models.DateTimeField(_("newest change in it"), null=True, blank=True)
    findings = models.JSONField(_("what the checker found"), default=list, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("publication of open data")
        verbose_name_plural = _("publications of open data")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
