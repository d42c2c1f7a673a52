"""What a programme is made of: countries, sectors, parties, money."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.models import Precision, TextQuerySet
from partners.models import Country, Organisation

from .codes import Sector
from .program import Program

PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class CountryShare(models.Model):
    program = models.ForeignKey(
        Program, models.CASCADE, verbose_name=_("programme"), related_name="country_shares"
    )
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        verbose_name=_("country or area"),
        related_name="program_shares",
    )
    percentage = models.DecimalField(
        _("percentage"), max_digits=5, decimal_places=2, null=True, blank=True, validators=PERCENT
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("country’s share")
        verbose_name_plural = _("countries’ shares")
        constraints = [
            models.UniqueConstraint(
                fields=["program", "country"], name="program_names_a_country_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.country)


class SectorShare(models.Model):
    class Basis(models.TextChoices):
        REPORTED = "reported", _("Reported")
        # An estimate is labelled wherever it is shown, and never exported.
        ESTIMATED = "estimated", _("Our estimate")

    program = models.ForeignKey(
        Program, models.CASCADE, verbose_name=_("programme"), related_name="sector_shares"
    )
    sector = models.ForeignKey(
        Sector, models.PROTECT, verbose_name=_("sector"), related_name="program_shares"
    )
    percentage = models.DecimalField(
        _("percentage"), max_digits=5, decimal_places=2, null=True, blank=True, validators=PERCENT
    )
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, default=Basis.ESTIMATED)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("sector’s share")
        verbose_name_plural = _("sectors’ shares")
        constraints = [
            models.UniqueConstraint(
                fields=["program", "sector"], name="program_names_a_sector_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.sector)

    @property
    def is_estimate(self) -> bool:
        return self.basis == self.Basis.ESTIMATED


class SdgTarget(models.Model):
    program = models.ForeignKey(
        Program, models.CASCADE, verbose_name=_("programme"), related_name="sdg_targets"
    )
    code = models.CharField(
        _("SDG target"),
        max_length=5,
        validators=[RegexValidator(r"^(1[0-7]|[1-9])\.(\d{1,2}|[a-d])$")],
        help_text=_("Number of the target: 3.2, 11.a"),
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("SDG target")
        verbose_name_plural = _("SDG targets")
        indexes = [
            # By how a code begins: the goal.
            models.Index(fields=["code"], name="sdg_target_code", opclasses=["varchar_pattern_ops"])
        ]
        constraints = [
            models.UniqueConstraint(fields=["program", "code"], name="program_names_a_target_once"),
        ]

    def __str__(self) -> str:
        return self.code


class Role(models.Model):
    """What an organisation does in a programme."""

    class Kind(models.TextChoices):
        FUNDS = "funds", _("Funds")
        COMMISSIONS = "commissions", _("Commissions")
        HOSTS = "hosts", _("Hosts")
        PIVOTAL = "pivotal", _("Pivotal partner")
        IMPLEMENTS = "implements", _("Implements")
        CO_ORGANISES = "co_organises", _("Co-organises")
        # Lectured, was visited, spoke or lent experts: no IATI role, but part of who does what.
        TAKES_PART = "takes_part", _("Takes part")
        BENEFICIARY = "beneficiary", _("Beneficiary")

    program = models.ForeignKey(
        Program, models.CASCADE, verbose_name=_("programme"), related_name="roles"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="roles"
    )
    kind = models.CharField(pgettext_lazy("organisation", "role"), max_length=12, choices=Kind)

    class Meta:
        ordering = ["pk"]
        verbose_name = pgettext_lazy("organisation", "role")
        verbose_name_plural = pgettext_lazy("organisation", "roles")
        constraints = [
            models.UniqueConstraint(
                fields=["program", "organisation", "kind"], name="organisation_has_a_role_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_kind_display()}"


class BudgetLine(models.Model):
    class Basis(models.TextChoices):
        # An announced budget is a ceiling, never spending.
        ANNOUNCED = "announced", _("Announced budget, a ceiling")
        SPENT = "spent", _("Spent")

    program = models.ForeignKey(
        Program, models.CASCADE, verbose_name=_("programme"), related_name="budget_lines"
    )
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, default=Basis.ANNOUNCED)
    amount = models.DecimalField(
        _("amount"), max_digits=15, decimal_places=0, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(
        _("currency"), max_length=3, default="KRW", validators=[RegexValidator(r"^[A-Z]{3}$")]
    )
    covers = models.CharField(_("what it covers"), max_length=150, blank=True)
    announced_on = models.DateField(_("announced or reported on"), null=True, blank=True)
    precision = models.CharField(
        _("accurate to the"), max_length=5, choices=Precision, default=Precision.DAY
    )

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"
