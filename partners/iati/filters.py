"""The filters of the list of partners' activities; parameters mean the same as in other lists."""

from __future__ import annotations

import django_filters
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.opendata.iati import codes
from oda_portal.publishing.at_hand import at_hand
from oda_portal.publishing.listing import Choice, Words, choices_of
from partners.models import (
    Country,
    Organisation,
    PartnerActivity,
    PartnerActivityQuerySet,
    PartnerActivitySector,
)
from partners.models.iati import DAC, dac_label

Choices = list[tuple[str, str]]


def _kept_choices() -> dict[str, Choices]:
    """What published activities have, kept per language for the generation."""
    return at_hand(f"choices:partner-activities:{translation.get_language()}", _choices)


def _choices() -> dict[str, Choices]:
    rows = PartnerActivity.objects.published()
    return {
        "organisation": choices_of(Organisation.objects.filter(iati_activities__in=rows), "slug"),
        "country": choices_of(Country.objects.filter(iati_activities__in=rows), "code"),
        "sector": _sectors(rows),
        "year": _years(rows),
    }


def _sectors(rows: PartnerActivityQuerySet) -> Choices:
    named = PartnerActivitySector.objects.filter(activity__in=rows, vocabulary__in=DAC)
    found = named.order_by("code").values_list("code", flat=True).distinct()
    return [(code, f"{code} {dac_label(code)}") for code in found]


def _years(rows: PartnerActivityQuerySet) -> Choices:
    years: set[int] = set()
    days = rows.exclude(starts_on=None).order_by().values_list("starts_on__year", "ends_on__year")
    for first, last in days.distinct():
        years.update(range(first, (last or first) + 1))
    return [(str(year), str(year)) for year in sorted(years, reverse=True)]


class PartnerActivityFilter(django_filters.FilterSet):
    q = Words(method="containing")
    organisation = Choice(field_name="organisation__slug", label=_("Published by"))
    country = Choice(field_name="countries__code", label=_("Country or area"))
    sector = Choice(method="in_sector", label=pgettext_lazy("filter", "Sector (DAC purpose code)"))
    year = Choice(method="in_year", label=_("Year"))
    status = Choice(
        field_name="activity_status",
        choices=lambda: codes.choices("ActivityStatus"),
        label=_("Status by IATI’s list"),
    )

    class Meta:
        model = PartnerActivity
        fields: list[str] = []

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in _kept_choices().items():
            self.filters[name].extra["choices"] = choices

    def containing(
        self, rows: PartnerActivityQuerySet, name: str, value: str
    ) -> PartnerActivityQuerySet:
        other = Q(title_other__icontains=value) | Q(identifier__icontains=value)
        return rows.containing(value, "title", "description") | rows.filter(other)

    def in_sector(
        self, rows: PartnerActivityQuerySet, name: str, value: str
    ) -> PartnerActivityQuerySet:
        named = PartnerActivitySector.objects.filter(vocabulary__in=DAC, code=value)
        return rows.filter(pk__in=named.values("activity"))

    def in_year(
        self, rows: PartnerActivityQuerySet, name: str, value: str
    ) -> PartnerActivityQuerySet:
        return rows.under_way_in(int(value))
