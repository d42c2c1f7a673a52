"""Countries, partner cities, organisations and what they agreed."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.drawing.geometry import Point
from oda_portal.publishing.models import (
    Precision,
    Publishable,
    PublishableQuerySet,
    Source,
    TextQuerySet,
)


class Country(models.Model):
    """A country or area by its ISO 3166-1 codes."""

    code = models.CharField(
        _("ISO code (two letters)"),
        max_length=2,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2}$")],
    )
    alpha3 = models.CharField(
        _("ISO code (three letters)"), max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$")]
    )
    numeric = models.CharField(
        _("ISO number"), max_length=3, blank=True, validators=[RegexValidator(r"^\d{3}$")]
    )
    name = models.CharField(_("name"), max_length=80)
    dac_group = models.CharField(
        _("group in the DAC list of ODA recipients"), max_length=40, blank=True
    )
    dac_valid_from = models.DateField(_("group valid from"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("country or area")
        verbose_name_plural = _("countries and areas")

    def __str__(self) -> str:
        return self.name


class CityQuerySet(PublishableQuerySet):
    def abroad(self) -> Self:
        """All but the home city, which has no page of its own: the whole portal is its page."""
        return self.exclude(relation=City.Relation.HOME)

    def partners(self) -> Self:
        """Cities with an agreement: not home, and not places that programmes merely touched."""
        return self.filter(relation__in=[City.Relation.SISTER, City.Relation.FRIENDSHIP])


class City(Publishable):
    class Relation(models.TextChoices):
        SISTER = "sister", _("Sister city")
        FRIENDSHIP = "friendship", _("Friendship city")
        PARTNER = "partner", _("Partner city")
        HOME = "home", _("Home city")

    slug = models.SlugField(pgettext_lazy("web", "address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    native_name = models.CharField(_("name in its own language"), max_length=100, blank=True)
    native_language = models.CharField(
        _("that language"),
        max_length=10,
        blank=True,
        help_text=_("Language code for screen readers: mn, vi, km"),
    )
    intro = models.TextField(_("introduction"), max_length=600, blank=True)
    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("country or area"), related_name="cities"
    )
    relation = models.CharField(_("relation"), max_length=12, choices=Relation)
    agreed_on = models.DateField(_("agreement signed on"), null=True, blank=True)
    agreed_precision = models.CharField(
        _("accurate to the"), max_length=5, choices=Precision, default=Precision.DAY
    )
    latitude = models.FloatField(
        _("latitude"), validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    sources = models.ManyToManyField(
        Source, verbose_name=_("sources"), related_name="+", blank=True
    )

    objects = CityQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("city")
        verbose_name_plural = _("cities")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partners:city_detail", args=[self.slug])

    @property
    def is_home(self) -> bool:
        return self.relation == City.Relation.HOME

    @property
    def is_sister(self) -> bool:
        return self.relation == City.Relation.SISTER

    @property
    def point(self) -> Point:
        return Point(self.longitude, self.latitude)


class OrganisationQuerySet(PublishableQuerySet):
    def with_programs(self, programs: models.QuerySet) -> Self:
        """Annotate `programs_count`: in how many of these programmes each has a role."""
        return self.annotate(
            programs_count=Count(
                "roles__program", filter=Q(roles__program__in=programs), distinct=True
            )
        )


class Organisation(Publishable):
    class Kind(models.TextChoices):
        """IATI organisation types that partners of a city are of."""

        GOVERNMENT = "10", _("Government")
        LOCAL_GOVERNMENT = "11", _("Local government")
        OTHER_PUBLIC = "15", _("Other public sector")
        INTERNATIONAL_NGO = "21", _("International NGO")
        NATIONAL_NGO = "22", _("National NGO")
        REGIONAL_NGO = "23", _("Regional NGO")
        PARTNER_NGO = "24", _("NGO in a partner country")
        PUBLIC_PRIVATE = "30", _("Public–private partnership")
        MULTILATERAL = "40", _("Multilateral organisation")
        FOUNDATION = "60", _("Foundation")
        PRIVATE = "70", _("Private sector")
        PRIVATE_PROVIDER = "71", _("Private sector in the providing country")
        ACADEMIC = "80", _("University, training or research")
        OTHER = "90", pgettext_lazy("organisation", "Other")

    slug = models.SlugField(pgettext_lazy("web", "address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=150)
    abbreviation = models.CharField(_("abbreviation"), max_length=30, blank=True)
    legal_name = models.CharField(
        _("legal name"), max_length=150, blank=True, help_text=_("Only if it is different.")
    )
    predecessors = models.TextField(
        _("formed from"), max_length=600, blank=True, help_text=_("Earlier bodies, one per line.")
    )
    about = models.TextField(_("about"), max_length=600, blank=True)
    kind = models.CharField(_("kind (IATI organisation type)"), max_length=2, choices=Kind)
    label = models.CharField(
        _("what we call it"),
        max_length=60,
        blank=True,
        help_text=_("University, hospital, city foundation … If empty, the kind is shown."),
    )
    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("country or area"), related_name="organisations"
    )
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("part of"),
        related_name="parts",
    )
    # NULL and not empty, so that UNIQUE leaves those without one alone.
    org_ref = models.CharField(
        _("IATI organisation identifier"),
        max_length=100,
        unique=True,
        null=True,
        blank=True,
        help_text=_("Only one that is really registered; never make one up."),
    )
    url = models.URLField(_("address of its site"), max_length=300, blank=True)
    chinese_name_is_ours = models.BooleanField(
        _("the Chinese name is our translation"), default=False
    )
    editor_note = models.TextField(_("note for editors"), blank=True)
    sources = models.ManyToManyField(
        Source, verbose_name=_("sources"), related_name="+", blank=True
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partners:organisation_detail", args=[self.slug])

    def clean(self) -> None:
        self.org_ref = self.org_ref or None


class Agreement(Publishable):
    slug = models.SlugField(pgettext_lazy("web", "address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), max_length=600, blank=True)
    parties = models.ManyToManyField(
        Organisation, verbose_name=_("parties"), related_name="agreements", blank=True
    )
    cities = models.ManyToManyField(
        City, verbose_name=_("cities"), related_name="agreements", blank=True
    )
    signed_on = models.DateField(_("signed on"))
    precision = models.CharField(
        _("accurate to the"), max_length=5, choices=Precision, default=Precision.DAY
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    sources = models.ManyToManyField(
        Source, verbose_name=_("sources"), related_name="+", blank=True
    )

    objects = PublishableQuerySet.as_manager()

    class Meta:
        ordering = ["-signed_on", "pk"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("signed_on")),
                name="agreement_ends_after_it_begins",
                violation_error_message=_(
                    "The end date is before the start date. Check both dates."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title
