"""Where a programme's people come from, or where it took place, as a drawn map."""

from __future__ import annotations

from oda_portal.drawing.geometry import Point
from oda_portal.drawing.labels import Label
from oda_portal.drawing.regions import Region, region
from oda_portal.pages.furniture import home_point, office
from oda_portal.publishing.texts import text_in
from partners.models import Country

from .models import Program


class ProgramMap:
    """Reads the programme's `country_shares` and `cities`, which the caller has fetched."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.countries = [
            share.country for share in program.country_shares.all() if share.country.numeric
        ]
        self.pin_name, self.pin = self._pin()

    def __bool__(self) -> bool:
        return bool(self.countries or self.pin)

    def _pin(self) -> tuple[str, Point | None]:
        """The place of the works, or the one city abroad; several cities have no one place."""
        program = self.program
        if program.latitude is not None and program.longitude is not None:
            return text_in(program, "place").text, Point(program.longitude, program.latitude)
        abroad = [city for city in program.cities.all() if not city.is_home]
        if len(abroad) == 1:
            return text_in(abroad[0], "name").text, abroad[0].point
        return "", None

    def drawn(self) -> Region:
        return region(
            [country.numeric for country in self.countries],
            home=home_point(),
            pin=self.pin,
            fallbacks=_coordinates(self.countries),
        )

    def labels(self) -> list[Label]:
        names = {country.numeric: text_in(country, "name").text for country in self.countries}
        return self.drawn().labels(names, self.pin_name, office()["city_name"])


def _coordinates(countries: list[Country]) -> dict[str, Point]:
    """Of countries too small for an outline."""
    return {
        country.numeric: Point(country.longitude, country.latitude)
        for country in countries
        if country.longitude is not None and country.latitude is not None
    }
