"""Organisations that the office works with."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.models import Publishable, PublishableQuerySet, Source

from .. import references
from .places import Country


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
        stored = Organisation.objects.filter(pk=self.pk).values_list("org_ref", flat=True).first()
        references.check(self.pk, stored, self.org_ref)
