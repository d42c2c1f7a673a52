"""Where a programme is active, or where those live whom it serves; nobody is found by it."""

from __future__ import annotations

from collections.abc import Iterator

from oda_portal.opendata.iati import activity as iati
from partners.models import City
from programs.models import Program
from programs.models.program import Kind

from .narratives import narratives

ACTIVITY, BENEFICIARIES = "1", "2"
APPROXIMATE = "2"
POPULATED_PLACE = "2"
# Two decimals are about a kilometre: a village is found, a house is not.
DECIMALS = 2
# Those from the cities come here; at the others we go to them.
COME_HERE = {Kind.TRAINING, Kind.FORUM, Kind.NETWORK}


def locations_of(program: Program) -> Iterator[iati.Location]:
    """The place of the works where it is known, else the public cities of the programme."""
    if _has_place(program):
        yield from _location(program, "place", ACTIVITY)
    for city in cities_of(program):
        yield from _location(city, "name", _reach(program, city))


def cities_of(program: Program) -> list[City]:
    """Those that are told; none where the place of the works is."""
    if _has_place(program):
        return []
    return [city for city in program.cities.all() if city.is_public()]


def _has_place(program: Program) -> bool:
    return program.latitude is not None and program.longitude is not None


def _reach(program: Program, city: City) -> str:
    return BENEFICIARIES if program.kind in COME_HERE and not city.is_home else ACTIVITY


def _location(row: Program | City, field: str, reach: str) -> Iterator[iati.Location]:
    latitude, longitude = row.latitude or 0.0, row.longitude or 0.0
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        yield iati.Location(
            reach=reach,
            name=narratives(row, field),
            latitude=round(latitude, DECIMALS),
            longitude=round(longitude, DECIMALS),
            exactness=APPROXIMATE,
            location_class=POPULATED_PLACE,
        )
