"""The filters of the lists of cities and organisations."""

from __future__ import annotations

from collections.abc import Callable

import django_filters
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from oda_portal.publishing.at_hand import at_hand
from oda_portal.publishing.listing import Choice, Words, choices_of
from oda_portal.publishing.models import PublishableQuerySet

from .models import (
    Agreement,
    City,
    CityQuerySet,
    Country,
    Organisation,
    OrganisationQuerySet,
)

Choices = list[tuple[str, str]]


def _countries_of(relation: str) -> Callable[[], Choices]:
    """Countries in which something of this kind is published, kept for the generation."""
    listed: dict[str, Callable[[], QuerySet]] = {
        "cities": lambda: City.objects.published().abroad(),
        "organisations": Organisation.objects.published,
    }

    def make() -> Choices:
        published = listed[relation]()
        return choices_of(Country.objects.filter(**{f"{relation}__in": published}), "code")

    return lambda: at_hand(f"choices:{relation}-countries:{translation.get_language()}", make)


def _agreement_years() -> Choices:
    def make() -> Choices:
        days = City.objects.published().abroad().dates("agreed_on", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in days]

    return at_hand("choices:city-years", make)


class CityFilter(django_filters.FilterSet):
    q = Words(method="containing")
    kind = Choice(
        field_name="relation",
        choices=[
            (relation.value, relation.label)
            for relation in City.Relation
            if relation != City.Relation.HOME
        ],
        label=_("Relation"),
    )
    country = Choice(
        field_name="country__code",
        choices=_countries_of("cities"),
        label=_("Country or area"),
    )
    year = Choice(
        field_name="agreed_on__year", choices=_agreement_years, label=_("Year of the agreement")
    )

    class Meta:
        model = City
        fields: list[str] = []

    def containing(self, rows: CityQuerySet, name: str, value: str) -> CityQuerySet:
        native = rows.filter(native_name__icontains=value)
        return rows.containing(value, "name", "intro") | native


class OrganisationFilter(django_filters.FilterSet):
    q = Words(method="containing")
    kind = Choice(choices=Organisation.Kind, label=_("Kind"))
    country = Choice(
        field_name="country__code",
        choices=_countries_of("organisations"),
        label=_("Country or area"),
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def containing(self, rows: OrganisationQuerySet, name: str, value: str) -> OrganisationQuerySet:
        fields = ("name", "about", "label", "legal_name", "predecessors")
        return rows.containing(value, *fields) | rows.filter(abbreviation__icontains=value)


def _parties() -> Choices:
    """Organisations that have signed something public, kept for the generation."""

    def make() -> Choices:
        signed = Agreement.objects.published()
        return choices_of(Organisation.objects.published().filter(agreements__in=signed), "slug")

    return at_hand(f"choices:parties:{translation.get_language()}", make)


def _years() -> Choices:
    def make() -> Choices:
        days = Agreement.objects.published().dates("signed_on", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in days]

    return at_hand("choices:agreement-years", make)


class AgreementFilter(django_filters.FilterSet):
    q = Words(method="containing")
    organisation = Choice(field_name="parties__slug", choices=_parties, label=_("Organisation"))
    year = Choice(field_name="signed_on__year", choices=_years, label=_("Year"))

    class Meta:
        model = Agreement
        fields: list[str] = []

    def containing(self, rows: PublishableQuerySet, name: str, value: str) -> PublishableQuerySet:
        return rows.containing(value, "title", "summary")
