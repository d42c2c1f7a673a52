"""Countries and areas, and the partner cities in them."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
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
