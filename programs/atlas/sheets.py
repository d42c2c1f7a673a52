"""What is drawn on the map, once for wide screens and once for narrow: circles, names, links.

A circle that can be hit with a finger on a phone would hide its neighbours on a desk, and the
other way round. So the page holds both, and the stylesheet shows the one that fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from oda_portal.drawing.bubbles import Bubble, Scale, bubbles
from oda_portal.drawing.bubbles import Spot as Circled
from oda_portal.drawing.frames import BOX, Sheet
from oda_portal.drawing.geometry import XY, Point
from oda_portal.drawing.labels import Label, Spot, place_near
from oda_portal.pages.furniture import home_point, office
from oda_portal.publishing.texts import text_in
from partners.models import City, Country

from .places import NONE, CountryPlaces, Place
from .regions import Region

# Numbers whose circles the key may show.
ROUND_NUMBERS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
NAMED = 3  # places that a joined circle names
FOCUS = 7  # how far outside a circle lies the ring that shows focus
# Colour alone tells nothing: what a circle stands for is in its name, too.
CITY, COUNTRY, SEVERAL, QUIET = "city", "country", "several", "quiet"


@dataclass(frozen=True)
class Size:
    """A size of screen: how tall its letters are and how its circles are scaled.

    A wide screen shows the drawing's 1,280 pixels on at least 560, a narrow one on at least 288:
    `room` is 24 pixels of the screen.
    """

    name: str
    letters: int
    scale: Scale
    # Places may come nearer to each other in a closer view, where they are further apart; there a
    # country and its cities have circles of their own.
    joined_closer: float
    # Circles whose names may stand further away, at the end of a line.
    led: int

    @property
    def height(self) -> int:
        """Of the drawing: below the map there is room for the largest circle of the key."""
        return BOX.height + round(2 * self.scale.largest) + 40


WIDE = Size(
    "wide", 26, Scale(unit=16, largest=60, room=56, joined=10, kin=90), joined_closer=10, led=8
)
NARROW = Size(
    "narrow", 46, Scale(unit=26, largest=96, room=108, joined=84, kin=110), joined_closer=40, led=4
)


@dataclass(frozen=True)
class Mark:
    """A circle as the page draws it, and where it leads."""

    x: int
    y: int
    radius: int
    hit: int
    look: str
    number: str
    title: str
    url: str
    lead: str


@dataclass(frozen=True)
class KeyCircle:
    x: int
    y: int
    radius: int
    number: str


@dataclass(frozen=True)
class Layer:
    """All that lies over the land on one size of screen."""

    size: Size
    marks: list[Mark]
    labels: list[Label]
    key: list[KeyCircle]

    @property
    def height(self) -> int:
        return self.size.height if self.key else BOX.height


class MapSheet:
    """The world, or a region, with the places of programmes.

    `address` gives the list of a place’s programmes. `quiet` are partner cities without any: on
    the world they are dots, in a closer view places like others.
    """

    width = BOX.width

    def __init__(
        self,
        region: str,
        countries: Iterable[CountryPlaces],
        quiet: Iterable[City],
        address: Callable[[Place], str],
        closer: Callable[[str], str],
    ) -> None:
        self.sheet = Sheet(region, home_point())
        self.countries = list(countries)
        self.whole = {found.country: found.programs for found in self.countries}
        self.quiet = list(quiet)
        self.address = address
        self.closer = closer

    @property
    def is_world(self) -> bool:
        return self.sheet.is_world

    @property
    def base_url(self) -> str:
        if self.is_world:
            return reverse("drawing:world")
        return reverse("drawing:region", args=[self.sheet.name])

    @cached_property
    def home(self) -> XY | None:
        place = home_point()
        x, y = self.sheet.at(place)
        return (round(x), round(y)) if self.sheet.shows(place) else None

    @cached_property
    def outlines(self) -> list[str]:
        """The countries that have programmes, as path data."""
        numbers = [found.country.numeric for found in self.countries if found.country.numeric]
        return [path for number in numbers if (path := self.sheet.outline(number))]

    @property
    def dots(self) -> list[tuple[XY, City]]:
        if not self.is_world:
            return []
        found = ((self.sheet.at(city.point), city) for city in self.quiet)
        return [((round(x), round(y)), city) for (x, y), city in found]

    @cached_property
    def spots(self) -> list[Circled[Place]]:
        places = [place for found in self.countries for place in found.places]
        if not self.is_world:
            places += [Place(city.country, city, NONE) for city in self.quiet]
        spots = []
        for place in places:
            if at := self._at(place):
                group = f"{place.region}{bool(place.programs)}"
                spots.append(Circled(place, at, group, place.country.code, place.programs))
        return spots

    @property
    def undrawn(self) -> list[Place]:
        """Countries of which neither outline nor coordinates are known: the list has them alone."""
        drawn = {spot.thing for spot in self.spots}
        places = (place for found in self.countries for place in found.places)
        return [place for place in places if place not in drawn]

    def layers(self) -> list[Layer]:
        return [self._layer(size) for size in (WIDE, NARROW)]

    def _at(self, place: Place) -> XY | None:
        if place.city:
            return self.sheet.at(place.city.point)
        country = place.country
        if country.latitude is not None and country.longitude is not None:
            return self.sheet.at(Point(country.longitude, country.latitude))
        return self.sheet.at_country(country.numeric)

    def _layer(self, size: Size) -> Layer:
        scale = size.scale
        if not self.is_world:
            scale = Scale(scale.unit, scale.largest, scale.room, size.joined_closer)
        circles = bubbles(self.spots, scale, BOX)
        most = max((circle.number for circle in circles), default=0)
        return Layer(
            size,
            [self._mark(circle, size) for circle in circles],
            self._labels(circles, size),
            _key(scale.for_numbers(most), most, size),
        )

    def _mark(self, circle: Bubble[Place], size: Size) -> Mark:
        x, y = (round(value) for value in circle.at)
        radius = round(circle.radius)
        fits = circle.number and radius > 0.36 * size.letters * (1 + len(str(circle.number)))
        place_x, place_y = (round(value) for value in circle.place)
        return Mark(
            x=x,
            y=y,
            radius=radius,
            hit=max(radius + FOCUS, round(size.scale.room / 2)),
            look=_look(circle),
            number=number_format(circle.number, force_grouping=True) if fits else "",
            title=self._title(circle),
            url=self._url(circle),
            lead=f"M{place_x} {place_y}L{x} {y}" if circle.is_moved else "",
        )

    def _url(self, circle: Bubble[Place]) -> str:
        first = circle.things[0]
        if len(circle.things) == 1:
            return self.address(first)
        if not circle.number:
            return "#places"
        country = _country_of(circle)
        if country and len(self.whole[country]) == circle.number:
            return self.address(Place(country, None, self.whole[country]))
        region = self._closer_view(circle)
        return self.closer(region) if region else "#places"

    def _closer_view(self, circle: Bubble[Place]) -> Region | None:
        """Where the places of a joined circle have circles of their own, unless they are a list."""
        country = _country_of(circle)
        # A partner city may lie in a country in which there is no programme.
        is_list = country and len(self.whole.get(country, ())) == circle.number
        joined = len(circle.things) > 1 and circle.number and not is_list
        return circle.things[0].region if joined and self.is_world else None

    def _title(self, circle: Bubble[Place]) -> str:
        """What a circle is, in words: its name for screen readers and for the mouse."""
        if region := self._closer_view(circle):
            # That view has other programmes as well.
            told = {"circle": _counted(circle), "region": region.label}
            return _("%(circle)s (closer view: %(region)s)") % told
        return _counted(circle)

    def _labels(self, circles: list[Bubble[Place]], size: Size) -> list[Label]:
        spots = []
        if self.home:
            spots.append(Spot(office()["city_name"], self.home, "home", clear=16))
        spots += [
            Spot(_short(circle), circle.at, _look(circle), clear=circle.radius + 3)
            for circle in circles
        ]
        return place_near(spots, BOX, size.letters, led=size.led)


def _look(circle: Bubble[Place]) -> str:
    if not circle.number:
        return QUIET
    if len(circle.things) > 1 and not _country_of(circle):
        return SEVERAL
    return CITY if any(place.city for place in circle.things) else COUNTRY


def _country_of(circle: Bubble[Place]) -> Country | None:
    """The country in which all places of a joined circle are, if it is one."""
    countries = {place.country for place in circle.things}
    return countries.pop() if len(countries) == 1 and len(circle.things) > 1 else None


def _short(circle: Bubble[Place]) -> str:
    """The name beside a circle; of a joined one their country, or the place that has most."""
    if country := _country_of(circle):
        return text_in(country, "name").text
    first = circle.things[0]
    if len(circle.things) > 1:
        return f"{first.name} +{len(circle.things) - 1}"
    return _part_of_whole(first) if first.whole else first.name


def _part_of_whole(place: Place) -> str:
    """The circle counts some programmes of a country, and its link leads to all of them."""
    told = {"place": place.name, "n": len(place.programs), "all": len(place.whole)}
    return pgettext("map", "%(place)s (%(n)s of %(all)s)") % told


def _counted(circle: Bubble[Place]) -> str:
    first = circle.things[0]
    told = {"place": _named(circle), "n": number_format(circle.number, force_grouping=True)}
    if len(circle.things) == 1 and first.whole:
        # The rows of its link; there are two at least, one in no city and one in a city.
        told |= {"all": number_format(len(first.whole), force_grouping=True)}
        return _("%(place)s: %(all)s programmes, %(n)s of them in no named city") % told
    if not circle.number:
        return _("%(place)s: no programmes") % told
    counted = ngettext("%(place)s: %(n)s programme", "%(place)s: %(n)s programmes", circle.number)
    return counted % told


def _named(circle: Bubble[Place]) -> str:
    first, *others = circle.things
    if country := _country_of(circle):
        return text_in(country, "name").text
    if others:
        names = [thing.name for thing in circle.things]
        joined = pgettext("between the names in a list", ", ").join(names[:NAMED])
        if len(names) <= NAMED:
            return joined
        return _("%(names)s and others (%(total)s places)") % {"names": joined, "total": len(names)}
    if first.city is None:
        return first.name
    told = {"city": first.name, "country": text_in(first.country, "name").text}
    return pgettext("a city and its country", "%(city)s (%(country)s)") % told


def _key(scale: Scale, most: int, size: Size) -> list[KeyCircle]:
    """Up to three circles that say how large a number is, from the left."""
    below = [number for number in ROUND_NUMBERS if number < most]
    numbers = sorted({*below[:1], *below[-1:], most} - {0})
    middle = (BOX.height + size.height) // 2
    circles, x = [], 0.55 * size.scale.room
    for number in numbers:
        radius = scale.radius(number)
        x += radius
        shown = number_format(number, force_grouping=True)
        circles.append(KeyCircle(round(x), middle, round(radius), shown))
        x += radius + size.letters * (1.2 + 0.6 * len(shown))
    return circles
