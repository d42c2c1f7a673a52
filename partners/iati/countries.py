"""Countries and areas that partners name and the site has no row of yet.

`countries.csv` has every code of IATI's list that may still be used: ISO 3166-1 codes, the group in
the DAC list of 2024 and 2025, and names from the Unicode CLDR (Unicode licence). Kosovo has no
number.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from partners.models import Country

# What is null in a row that has none of it. Coordinates are for those too small for an outline.
OPEN = ("dac_valid_from", "latitude", "longitude")
FACTS = Path(__file__).resolve().parent / "countries.csv"


def keys_of(named: Iterable[str]) -> dict[str, int]:
    """Keys of rows by code, with a new row for each that was missing; codes of no list stay out."""
    wanted = set(named)
    keys = dict(Country.objects.filter(code__in=wanted).values_list("code", "pk"))
    for code in sorted(wanted & known().keys() - keys.keys()):
        # Staff may be adding it at this moment: theirs holds then.
        keys[code] = Country.objects.get_or_create(code=code, defaults=known()[code])[0].pk
    return keys


@cache
def known() -> dict[str, dict[str, str | None]]:
    """What a new row is made of, by code."""
    with FACTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row.pop("code"): {**row, **{name: row[name] or None for name in OPEN}} for row in rows}
