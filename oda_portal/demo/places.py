"""Countries and cities."""

from __future__ import annotations

from partners.iati.countries import known
from partners.models import City, Country

from .book import Book
from .files import Files
from .reading import LANGUAGES, Day, Record, parse_day

# The mark that separates sentences: none in Chinese.
GAPS = {"ko": " ", "en": " ", "zh": ""}


def add_countries(book: Book, files: Files) -> None:
    for country in files.records("countries", "countries", "iso2"):
        row = country.choose("iso2", known(), "countries.csv")
        since = row["dac_valid_from"]
        book.add(
            Country,
            country.name,
            country,
            {
                **country.text("name"),
                "code": country.name,
                "alpha3": country.need("iso3"),
                "numeric": row["numeric"],
                "dac_group": row["dac_group"],
                "dac_valid_from": parse_day(since).first if since else None,
                "latitude": float(row["latitude"]) if row["latitude"] else None,
                "longitude": float(row["longitude"]) if row["longitude"] else None,
            },
        )


def add_cities(book: Book, files: Files) -> None:
    relations = files["mapping"].part("city_relations").values
    home = files["cities"].part("home")
    _add_city(book, files, Record(home.file, home.word("id"), home.values), relations["home"])
    for city in files.records("cities", "cities"):
        relation = city.choose("kind", relations, "city_relations of mapping.yaml")
        _add_city(book, files, city, relation)
    for place in files.records("cities", "places_used_elsewhere"):
        _add_city(book, files, place, relations["places_used_elsewhere"])


def _add_city(book: Book, files: Files, city: Record, relation: str) -> None:
    agreed = _agreed(city)
    languages = files["mapping"].part("native_languages").values
    book.add(
        City,
        city.name,
        city,
        {
            **city.text("name"),
            **_intro(city, files.added("cities", city.name)),
            "slug": city.name,
            "native_name": city.word("name_native"),
            "native_language": languages.get(city.name, "") if city.has("name_native") else "",
            "country": city.refer("iso2", Country),
            "relation": relation,
            "agreed_on": agreed.first if agreed else None,
            "agreed_precision": agreed.precision if agreed else "day",
            "latitude": city.place("lat"),
            "longitude": city.place("lon"),
        },
        links={"sources": city.sources()},
    )


def _agreed(city: Record) -> Day | None:
    return city.day("agreement_date") or city.day("agreement_year")


def _intro(city: Record, added: Record) -> dict[str, str]:
    """What is said of the city, and then what its pin on the map stands on."""
    main = city.text("note", "intro", required=False)
    if not any(main.values()):
        main = added.text("intro", required=False)
    pin = added.text("map_note", "intro", required=False)
    gaps = {f"intro_{end}": GAPS[code] for code, end in LANGUAGES.items()}
    return {name: gaps[name].join(filter(None, [main[name], pin[name]])) for name in main}
