"""The public map of the programmes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oda_portal.publishing.freshness import public
from oda_portal.publishing.listing import listing

from ..filters import ProgramFilter
from ..models import Program, ProgramQuerySet
from .filters import MapFilter
from .places import CountryPlaces, Place, Programs, Survey, programs_in, survey
from .regions import Region, region_of
from .sheets import MapSheet

# The map has no pages: any second one is unknown to it.
ALL = 10**9
# So many of the programmes that name no place are listed by title.
LISTED = 20


@dataclass(frozen=True)
class View:
    """A line of the choice between the world and its regions."""

    label: str
    url: str
    count: int
    current: bool


@dataclass(frozen=True)
class Row:
    """A line of the list: a city below its country, or a country."""

    place: Place
    level: str
    count: int
    kinds: str
    url: str


@public
def map_page(request: HttpRequest) -> HttpResponse:
    found = listing(request, MapFilter, Program.objects.published().ours(), per_page=ALL)
    asked = request.GET.copy()
    region = asked.get("region", "")
    if region:  # the last of the filters is a view, and no filter that can be taken off
        found = replace(found, chips=found.chips[:-1])
    rows = cast("ProgramQuerySet", found.page.paginator.object_list)
    seen = survey(rows, country=asked.get("country", ""), city=asked.get("city", ""))
    countries = seen.in_region(Region(region)) if region else seen.countries
    quiet = [city for city in seen.quiet if region in ("", region_of(city.country.code))]
    sheet = MapSheet(
        region, countries, quiet, lambda place: _list_of(asked, place), lambda to: _view(asked, to)
    )
    return render(
        request,
        "programs/map_page.html",
        {
            "listing": found,
            "total": len(programs_in(countries)),
            "region": Region(region) if region else None,
            "views": _views(asked, seen),
            "map": sheet,
            "groups": _groups(asked, seen, countries),
            "quiet": quiet,
            "nowhere": _nowhere(seen) if not region else None,
            "list_url": _list_of(asked),
            "filters_folded": True,
            "crumbs": [
                {"label": _("Programmes"), "url": reverse("programs:program_list")},
                {"label": _("Programme map")},
            ],
        },
    )


def _views(asked: QueryDict, seen: Survey) -> list[View]:
    """The world, and the regions that have a programme; without filters those of partners, too."""
    chosen = asked.get("region", "")
    world = pgettext("map", "The whole world")
    views = [View(world, _view(asked, ""), len(seen.somewhere), not chosen)]
    filtered = any(asked.get(name, "").strip() for name in ProgramFilter.base_filters)
    partners = set() if filtered else {region_of(city.country.code) for city in seen.quiet}
    for region in Region:
        count = len(programs_in(seen.in_region(region)))
        if count or region in partners or region == chosen:
            views.append(View(str(region.label), _view(asked, region), count, region == chosen))
    return views


def _groups(
    asked: QueryDict, seen: Survey, countries: list[CountryPlaces]
) -> list[tuple[str, list[Row]]]:
    """The list beside the map, by region."""
    regions: dict[Region | None, list[Row]] = {region: [] for region in (*Region, None)}
    for found in countries:
        rows = regions[found.region]
        whole = Place(found.country, None, found.programs)
        rows.append(_row(asked, seen, whole, "country", found.programs))
        rows += [_row(asked, seen, city, "city", city.programs) for city in found.cities]
    return [
        (str(region.label) if region else _("Elsewhere"), rows)
        for region, rows in regions.items()
        if rows
    ]


def _row(asked: QueryDict, seen: Survey, place: Place, level: str, programs: Programs) -> Row:
    kinds = [f"{kind.label}\N{NO-BREAK SPACE}{count}" for kind, count in seen.by_kind(programs)]
    return Row(place, level, len(programs), " · ".join(kinds), _list_of(asked, place))


@dataclass(frozen=True)
class Nowhere:
    """Programmes that name no place abroad: how many, and the newest of them."""

    count: int
    programs: list[Program]

    @property
    def rest(self) -> int:
        return self.count - len(self.programs)


def _nowhere(seen: Survey) -> Nowhere | None:
    if not seen.nowhere:
        return None
    newest = Program.objects.published().filter(pk__in=seen.nowhere[:LISTED])
    return Nowhere(len(seen.nowhere), list(newest.newest_first()))


def _list_of(asked: QueryDict, place: Place | None = None) -> str:
    """The list with the filters of the map; with a place, its programmes alone.

    A partner city without programmes leads to its own page.
    """
    if place and place.city and not place.programs:
        return place.city.get_absolute_url()
    query = asked.copy()
    query.pop("region", None)
    if place and place.city:
        query["city"] = place.city.slug
    elif place:
        query["country"] = place.country.code
    return _address("programs:program_list", query)


def _view(asked: QueryDict, region: str) -> str:
    query = asked.copy()
    query.pop("region", None)
    if region:
        query["region"] = region
    return _address("programs:map_page", query)


def _address(name: str, query: QueryDict) -> str:
    kept = QueryDict(mutable=True)
    for key in MapFilter.base_filters:
        if value := query.get(key, "").strip():
            kept[key] = value
    return f"{reverse(name)}?{kept.urlencode()}" if kept else reverse(name)
