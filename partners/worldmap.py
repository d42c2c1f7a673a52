"""Partner cities on the map of the world as it is seen from the home city."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oda_portal.drawing.labels import Label, Spot, place_labels
from oda_portal.drawing.maps import WORLD, world_points
from oda_portal.pages.furniture import home_point, office
from oda_portal.publishing.texts import text_in

from .models import City

# Height of names in the map’s own pixels: on a phone, where the stylesheet makes them largest.
LETTERS = 46


@dataclass(frozen=True)
class Mark:
    """A city's place on the map; `active` ones had volunteers or a Sister Village."""

    city: City
    x: float
    y: float
    active: bool


@dataclass(frozen=True)
class WorldMap:
    home: tuple[float, float]
    marks: list[Mark]
    labels: list[tuple[Label, City | None]]
    size: int = WORLD.width

    @property
    def active(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.active]

    @property
    def quiet(self) -> list[Mark]:
        return [mark for mark in self.marks if not mark.active]


def world_map(cities: Iterable[City], active: set[int]) -> WorldMap:
    """Marks for all cities; names for home and for those whose keys are in `active`."""
    cities = list(cities)
    home, home_name = home_point(), office()["city_name"]
    (x, y, _inside), *spots = world_points(home, [home, *(city.point for city in cities)])
    marks = [
        Mark(city, spot_x, spot_y, city.pk in active)
        for city, (spot_x, spot_y, _shown) in zip(cities, spots, strict=True)
    ]
    named: dict[tuple[str, str], City | None] = {("home", home_name): None}
    wanted = [Spot(home_name, (x, y), "home", clear=18)]
    for mark in marks:
        if mark.active:
            name = text_in(mark.city, "name").text
            named["place", name] = mark.city
            wanted.append(Spot(name, (mark.x, mark.y), "place", clear=13))
    labels = place_labels(wanted, WORLD, LETTERS)
    return WorldMap((x, y), marks, [(label, named[label.kind, label.text]) for label in labels])
