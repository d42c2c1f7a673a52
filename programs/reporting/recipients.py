"""Which countries a programme reports as recipients, and with which shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from partners.models import Country
from programs.few import enough
from programs.models import CountryShare, ParticipantGroup, Program
from programs.models.program import Kind

WHOLE = Decimal("100.00")
CENT = Decimal("0.01")
# “Developing countries, unspecified” in the DAC’s list of regions.
UNSPECIFIED = "998"
# Volunteers and Sister Villages are somewhere: where, has to be said.
IN_A_COUNTRY = {Kind.VOLUNTEER, Kind.SISTER_VILLAGE}


@dataclass(frozen=True)
class Recipients:
    """Countries with their shares, or a region; neither where nothing can be reported.

    The share of a single country is None: it has all of it. `sum` is what the shares make,
    None while one is missing.
    """

    countries: tuple[tuple[Country, Decimal | None], ...] = ()
    region: str = ""
    sum: Decimal | None = WHOLE

    @property
    def is_whole(self) -> bool:
        return bool(self.region or self.countries) and self.sum == WHOLE


def recipients_of(program: Program) -> Recipients:
    """Reads the countries that `for_reporting` fetches.

    Countries that receive no ODA take part without a share. Where more countries took part than
    are named, the shares of those named would be wrong: then none is.
    """
    shares = list(program.country_shares.all())
    if not shares or (program.countries_total or 0) > len(shares):
        may_be_anywhere = program.kind not in IN_A_COUNTRY
        return Recipients(region=UNSPECIFIED) if may_be_anywhere else Recipients(sum=None)
    counted = [share for share in eligible(shares) if share.percentage != 0]
    given = [share.percentage for share in counted if share.percentage is not None]
    if len(counted) == 1:
        return Recipients(((counted[0].country, None),), sum=given[0] if given else WHOLE)
    return Recipients(
        tuple((share.country, share.percentage) for share in counted),
        sum=sum(given, Decimal(0)) if len(given) == len(counted) else None,
    )


def eligible(shares: Sequence[CountryShare]) -> list[CountryShare]:
    """Those in the DAC list of ODA recipients; all, where none is: then it is no ODA."""
    return [share for share in shares if share.country.dac_group] or list(shares)


def suggested_shares(program: Program, shares: Sequence[CountryShare]) -> dict[int, Decimal]:
    """Percentages by country, to exactly 100.00.

    By people who took part, where their number is known for each country; else in equal parts.
    """
    people = _people_of(program, shares)
    chosen = {share.country_id for share in eligible(shares)}
    weights = [
        (people.get(share.country_id, 0) if people else 1) if share.country_id in chosen else 0
        for share in shares
    ]
    parts = largest_remainders(weights)
    return {share.country_id: part for share, part in zip(shares, parts, strict=True)}


def are_equal_for_want_of_numbers(program: Program, shares: Sequence[CountryShare]) -> bool:
    """Whether what is suggested says nothing but how many countries there are."""
    is_open = any(share.percentage is None for share in eligible(shares))
    return is_open and len(eligible(shares)) > 1 and not _people_of(program, shares)


def _people_of(program: Program, shares: Sequence[CountryShare]) -> Counter[int]:
    """People by country; nothing unless their number is known for each."""
    chosen = {share.country_id for share in eligible(shares)}
    # Shares are published: those of a few people would tell how few they were.
    groups = ParticipantGroup.objects.filter(enough(), run__program=program, country__in=chosen)
    people: Counter[int] = Counter()
    for country, total in groups.values_list("country", "total"):
        people[country or 0] += total or 0
    return people if chosen <= people.keys() else Counter()


def largest_remainders(weights: Sequence[int]) -> list[Decimal]:
    """Percentages with two decimals that make 100.00, as near to the weights as can be."""
    total = sum(weights)
    if not total:
        return [Decimal(0) for _weight in weights]
    exact = [WHOLE * weight / total for weight in weights]
    parts = [value.quantize(CENT, ROUND_DOWN) for value in exact]
    missing = int((WHOLE - sum(parts)) / CENT)
    by_remainder = sorted(range(len(parts)), key=lambda n: (parts[n] - exact[n], n))
    for number in by_remainder[:missing]:
        parts[number] += CENT
    return parts
