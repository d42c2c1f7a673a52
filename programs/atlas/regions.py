"""The regions of the world that the map has closer views of, and which country lies in which."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.TextChoices):
    """The values are names of `drawing.frames.FRAMES`, and stand in public addresses."""

    EAST_ASIA = "east-asia", _("East Asia")
    SOUTH_EAST_ASIA = "south-east-asia", _("South-East Asia")
    SOUTH_ASIA = "south-asia", _("South Asia")
    CENTRAL_ASIA = "central-asia", _("Central Asia and Russia")
    MIDDLE_EAST_AFRICA = "middle-east-africa", _("Middle East and Africa")
    EUROPE = "europe", _("Europe")
    NORTH_AMERICA = "north-america", _("North America")
    LATIN_AMERICA = "latin-america", _("Latin America and the Caribbean")
    OCEANIA = "oceania", _("Oceania")


# By ISO 3166-1 codes. Russia is shown whole, with Central Asia and the Caucasus.
CODES = {
    Region.EAST_ASIA: "CN HK JP KP KR MN MO TW",
    Region.SOUTH_EAST_ASIA: "BN ID KH LA MM MY PH SG TH TL VN",
    Region.SOUTH_ASIA: "AF BD BT IN IO LK MV NP PK",
    Region.CENTRAL_ASIA: "AM AZ GE KG KZ RU TJ TM UZ",
    Region.MIDDLE_EAST_AFRICA: (
        "AE AO BF BH BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IL IQ IR JO KE"
        " KM KW LB LR LS LY MA MG ML MR MU MW MZ NA NE NG OM PS QA RE RW SA SC SD SH SL SN SO SS ST"
        " SY SZ TD TG TN TZ UG YE YT ZA ZM ZW"
    ),
    Region.EUROPE: (
        "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI"
        " LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SJ SK SM TR UA VA XK"
    ),
    Region.NORTH_AMERICA: "BM CA GL PM US",
    Region.LATIN_AMERICA: (
        "AG AI AR AW BB BL BO BQ BR BS BZ CL CO CR CU CW DM DO EC FK GD GF GP GT GY HN HT JM KN KY"
        " LC MF MQ MS MX NI PA PE PR PY SR SV SX TC TT UY VC VE VG VI"
    ),
    Region.OCEANIA: (
        "AS AU CC CK CX FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS"
    ),
}
_REGION_OF = {code: region for region, codes in CODES.items() for code in codes.split()}


def region_of(code: str) -> Region | None:
    """The region of a country by its ISO code; none for Antarctica and for codes nobody gave."""
    return _REGION_OF.get(code)
