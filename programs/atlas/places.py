"""Where programmes take place: cities, countries, and which programmes name neither."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from oda_portal.publishing.texts import text_in
from partners.models import City, Country

from ..models import CountryShare, Program, ProgramQuerySet
from ..models.program import Kind
from .regions import Region, region_of

Programs = frozenset[int]
NONE: Programs = frozenset()


@dataclass(frozen=True)
class Place:
    """A city, or a country for the programmes that name no city in it.

    Of such a country that has cities with programmes, too, `whole` are all its programmes: no
    list has those in no city alone.
    """

    country: Country
    city: City | None
    programs: Programs
    whole: Programs = NONE

    @property
    def region(self) -> Region | None:
        return region_of(self.country.code)

    @property
    def named(self) -> City | Country:
        return self.city or self.country

    @property
    def name(self) -> str:
        return text_in(self.named, "name").text


@dataclass(frozen=True)
class CountryPlaces:
    """A country with its cities. `programs` are all that name the country or a city in it."""

    country: Country
    programs: Programs
    cities: tuple[Place, ...]

    @property
    def region(self) -> Region | None:
        return region_of(self.country.code)

    @cached_property
    def without_city(self) -> Place:
        in_cities = NONE.union(*(place.programs for place in self.cities))
        whole = self.programs if self.cities else NONE
        return Place(self.country, None, self.programs - in_cities, whole=whole)

    @property
    def places(self) -> Iterator[Place]:
        yield from self.cities
        if self.without_city.programs:
            yield self.without_city


@dataclass(frozen=True)
class Survey:
    """Programmes by place. One that names several places is in each of them.

    `kinds` has the kind of every programme, `nowhere` the newest first of those that name no place
    abroad (forums at home, for instance); `quiet` are the partner cities without a programme.
    """

    kinds: dict[int, str]
    countries: list[CountryPlaces]
    quiet: list[City]
    nowhere: list[int]

    @cached_property
    def somewhere(self) -> Programs:
        return programs_in(self.countries)

    def in_region(self, region: Region) -> list[CountryPlaces]:
        return [found for found in self.countries if found.region == region]

    def by_kind(self, programs: Programs) -> list[tuple[Kind, int]]:
        """The kinds of some programmes and how many of each, in the order of the kinds."""
        counted = Counter(self.kinds[program] for program in programs)
        return [(kind, counted[kind]) for kind in Kind if counted[kind]]


def programs_in(countries: Iterable[CountryPlaces]) -> Programs:
    """Each programme once, in however many of the countries it is."""
    return NONE.union(*(found.programs for found in countries))


def survey(rows: ProgramQuerySet, *, country: str = "", city: str = "") -> Survey:
    """Where these programmes take place; four questions to the database, however many they are.

    Where a country (ISO code) or a city (slug) is asked for, other places of the same programmes
    are left out. Cities that are not public are counted at their countries alone.
    """
    kinds = dict(rows.newest_first().values_list("pk", "kind"))
    cities = list(City.objects.published().abroad().select_related("country"))
    by_city = _pairs(Program.cities.through.objects.all(), "city_id", rows)
    by_country = _pairs(CountryShare.objects.all(), "country_id", rows)
    known = {row.country_id: row.country for row in cities}
    missing = by_country.keys() - known.keys()
    if missing:
        known |= Country.objects.in_bulk(missing)
    found = _countries(known, [row for row in cities if row.pk in by_city], by_city, by_country)
    somewhere = programs_in(found)
    partners = {City.Relation.SISTER, City.Relation.FRIENDSHIP}
    wanted = [row for row in (_narrowed(row, country, city) for row in found) if row]
    quiet = [
        row
        for row in cities
        if row.pk not in by_city
        and row.relation in partners
        and not city
        and country in ("", row.country.code)
    ]
    return Survey(
        kinds,
        wanted,
        sorted(quiet, key=lambda row: text_in(row, "name").text),
        [program for program in kinds if program not in somewhere],
    )


def _pairs(links, column: str, rows: ProgramQuerySet) -> dict[int, set[int]]:
    """Programmes by what they are linked with."""
    found: dict[int, set[int]] = defaultdict(set)
    chosen = links.filter(program__in=rows.order_by().values("pk"))
    for program, other in chosen.order_by().values_list("program_id", column):
        found[other].add(program)
    return found


def _countries(
    known: dict[int, Country],
    cities: list[City],
    by_city: dict[int, set[int]],
    by_country: dict[int, set[int]],
) -> list[CountryPlaces]:
    """The countries with most programmes first."""
    places: dict[int, list[Place]] = defaultdict(list)
    for city in cities:
        places[city.country_id].append(Place(city.country, city, frozenset(by_city[city.pk])))
    found = []
    for key in by_country.keys() | places.keys():
        there = sorted(places[key], key=_most_first)
        whole = frozenset(by_country.get(key, ())).union(*(place.programs for place in there))
        found.append(CountryPlaces(known[key], whole, tuple(there)))
    return sorted(found, key=lambda row: (-len(row.programs), text_in(row.country, "name").text))


def _most_first(place: Place) -> tuple[int, str]:
    return -len(place.programs), place.name


def _narrowed(found: CountryPlaces, country: str, city: str) -> CountryPlaces | None:
    if country and found.country.code != country:
        return None
    if not city:
        return found
    cities = tuple(place for place in found.cities if place.city and place.city.slug == city)
    return CountryPlaces(found.country, cities[0].programs, cities) if cities else None
