"""Whom the office works with: cities by relation and year, organisations by kind.

Filters of programmes have nothing to say of them.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partners.models import City, Organisation

from .chosen import Chosen
from .figure import Figure, Line, Measure, Number, most_first

TIES = (City.Relation.SISTER, City.Relation.FRIENDSHIP)


def _url(name: str, **values: Any) -> str:
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in values.items()})
    return f"{reverse(name)}?{query.urlencode()}"


def cities_by_relation(chosen: Chosen) -> list[Line]:
    found = Counter(relation for relation, _year in chosen.cities)
    return [
        Line(
            relation.value,
            (Number.leading_to(_url("partners:city_list", kind=relation.value), found[relation]),),
            relation.label,
        )
        for relation in City.Relation
        if found[relation]
    ]


def cities_by_year(chosen: Chosen) -> list[Line]:
    found = Counter((year, relation) for relation, year in chosen.cities if year)
    years = sorted({year for year, relation in found if relation in TIES})
    return [
        Line(
            str(year),
            tuple(
                Number.leading_to(
                    _url("partners:city_list", kind=relation.value, year=year),
                    found[year, relation],
                )
                for relation in TIES
            ),
            str(year),
        )
        for year in years
    ]


def without_year(chosen: Chosen) -> str:
    n = sum(relation in TIES and not year for relation, year in chosen.cities)
    if not n:
        return ""
    return ngettext(
        "Of %(n)s city with an agreement the year is not known.",
        "Of %(n)s cities with an agreement the year is not known.",
        n,
    ) % {"n": n}


def organisations_by_kind(chosen: Chosen) -> list[Line]:
    rows = Organisation.objects.published().order_by()
    found = dict(rows.values_list("kind").annotate(Count("pk")))
    return most_first(
        Line(
            kind.value,
            (Number.leading_to(_url("partners:organisation_list", kind=kind.value), found[kind]),),
            kind.label,
        )
        for kind in Organisation.Kind
        if kind in found
    )


CITIES = Measure("cities", _("Cities"))

CITIES_BY_RELATION = Figure(
    name="cities-by-relation",
    title=_("Partner cities, by relation"),
    about=_("As of today. A partner city has no agreement, and programmes took place there."),
    head=_("Relation"),
    measures=(CITIES,),
    lines=cities_by_relation,
    is_filtered=False,
)
CITIES_BY_YEAR = Figure(
    name="cities-by-year",
    title=_("Agreements with cities, by year"),
    about=_("Cities by the year in which the agreement with them was signed."),
    head=_("Year"),
    measures=(
        Measure("sister_cities", _("Sister cities")),
        Measure("friendship_cities", _("Friendship cities")),
    ),
    lines=cities_by_year,
    rest=without_year,
    upright=True,
    series=2,
    is_filtered=False,
)
ORGANISATIONS_BY_KIND = Figure(
    name="organisations-by-kind",
    title=_("Organisations, by kind"),
    about=_("Organisations on this site by their IATI organisation type."),
    head=_("Kind"),
    measures=(Measure("organisations", _("Organisations")),),
    lines=organisations_by_kind,
    is_filtered=False,
)
