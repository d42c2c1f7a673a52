"""The filters of the programme lists; their parameters mean the same everywhere."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.listing import Choice, Words
from partners.models import City, Country, Organisation

from .models import Program, ProgramQuerySet, Role, SdgTarget
from .models.program import PARTS, Arrangement, Kind, Modality, Part, State
from .offered import kept_offers

# The rows that a filter's value stands for, by the way that leads to them from a programme.
WAYS = {
    "theme": "themes",
    "country": "country_shares__country",
    "city": "cities",
    "sector": "sector_shares__sector",
}


def kept_choices(*, ours: bool) -> dict[str, list[tuple[str, str]]]:
    """Choices that the listed programmes have."""
    return {name: offer.choices for name, offer in kept_offers(ours=ours).items()}


class ProgramFilter(django_filters.FilterSet):
    q = Words(method="containing")
    kind = Choice(choices=Kind, label=_("Kind"))
    state = Choice(choices=State, method="in_state", label=_("State"))
    theme = Choice(method="linked_to", label=_("Theme"))
    country = Choice(method="linked_to", label=_("Country or area"))
    city = Choice(method="linked_to", label=_("City"))
    year = Choice(method="in_year", label=_("Year"))
    arrangement = Choice(choices=Arrangement, label=_("Arrangement"))
    modality = Choice(choices=Modality, label=_("Modality"))
    organisation = Choice(
        method="with_organisation",
        label=_("Organisation"),
    )
    sector = Choice(
        method="linked_to",
        label=pgettext_lazy("filter", "Sector (DAC purpose code)"),
    )
    # Asked for by links from the figures, and not in the form.
    sdg = Choice(method="for_goal", label=_("Sustainable Development Goal"), widget=HiddenInput)
    part = Choice(
        choices=Part,
        method="as_part",
        label=pgettext_lazy("filter", "Took part"),
        widget=HiddenInput,
    )
    people = Choice(
        choices=[
            ("known", pgettext_lazy("number", "Known")),
            ("unknown", pgettext_lazy("number", "Not known")),
        ],
        method="with_people",
        label=_("Number of people"),
        widget=HiddenInput,
    )
    counted = Choice(
        choices=[
            ("yes", pgettext_lazy("figures", "Counted")),
            ("no", _("Not counted: cancelled, or only announced")),
        ],
        method="in_figures",
        label=_("In the figures"),
        widget=HiddenInput,
    )

    ours = True

    class Meta:
        model = Program
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = kept_offers(ours=self.ours)
        for name, offer in self.offers.items():
            if name in self.filters:
                self.filters[name].extra["choices"] = offer.choices

    def containing(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        """Every word stands in the programme's texts, its places or the names of its parties."""
        return rows.containing(
            value,
            *("title", "summary", "body", "venue", "place"),
            cities__name=City.objects.published(),
            countries__name=Country.objects.all(),
            roles__organisation__name=Organisation.objects.published(),
        )

    def in_state(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        return rows.in_state(value)

    def in_year(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        return rows.in_year(int(value))

    def linked_to(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        # By key and not by code: so the database knows how common this very value is.
        return rows.filter(**{WAYS[name]: self.key_of(name, value)})

    def with_organisation(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        # An organisation may have several roles in one programme, which is still one row.
        roles = Role.objects.filter(organisation=self.key_of(name, value))
        return rows.filter(pk__in=roles.order_by().values("program"))

    def key_of(self, name: str, value: str) -> int:
        """The key of the row that a value stands for; 0, which no row has, for one not offered."""
        return self.offers[name].keys.get(value, 0)

    def for_goal(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        named = SdgTarget.objects.filter(code__startswith=f"{value}.")
        return rows.filter(pk__in=named.values("program"))

    def as_part(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        return rows.filter(kind__in=PARTS[value])

    def with_people(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        # Of a programme of several years, or for several countries, some people may be known.
        narrow = {each: self.form.cleaned_data.get(each, "") for each in ("year", "country")}
        return rows.with_people_known(**narrow).filter(people_known=value == "known")

    def in_figures(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        if value == "yes":
            return rows.counted()
        return rows.filter(Q(announced_only=True) | Q(cancelled_at__isnull=False))


class PartnerProgramFilter(ProgramFilter):
    ours = False
