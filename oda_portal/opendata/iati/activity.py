"""An activity as IATI 2.03 tells it: plain values, checked by nobody here, written by `writing`.

Codes are IATI's. Texts are in one to three languages, by IATI's language codes (ISO 639-1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

# The site's language codes → IATI's. The first is the file's own, which its texts need not name.
LANGUAGES = {"ko": "ko", "en": "en", "zh-hans": "zh"}
DEFAULT_LANGUAGE = "ko"
DEFAULT_CURRENCY = "KRW"

# Text by language; one that is missing is not there. In the order of LANGUAGES.
Narratives: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """`ref` is an organisation identifier that is really registered, or None."""

    ref: str | None
    type: str
    name: Narratives


@dataclass(frozen=True, kw_only=True)
class Reporter(Organisation):
    """Who reports; `secondary` when others are responsible for what is reported."""

    secondary: bool = False


@dataclass(frozen=True, kw_only=True)
class Participant(Organisation):
    role: str


@dataclass(frozen=True, kw_only=True)
class OtherIdentifier:
    ref: str
    type: str
    owner: str = ""


@dataclass(frozen=True, kw_only=True)
class Day:
    """A date of the activity; the text says what of it is not known exactly."""

    type: str
    on: date
    text: Narratives = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """An office, never a person."""

    organisation: Narratives
    department: Narratives = field(default_factory=dict)
    telephone: str = ""
    email: str = ""
    website: str = ""
    address: Narratives = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Share:
    """A country or a sector; the percentage is None where it is the only one."""

    code: str
    percentage: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Location:
    """Degrees, rounded by whoever made it so far as nobody is found by them."""

    reach: str
    name: Narratives
    latitude: float
    longitude: float
    exactness: str
    location_class: str


@dataclass(frozen=True, kw_only=True)
class Budget:
    type: str
    status: str
    starts_on: date
    ends_on: date
    amount: Decimal
    currency: str
    value_date: date


@dataclass(frozen=True, kw_only=True)
class Link:
    """A document or a page: `format` is its media type, `categories` are IATI's."""

    url: str
    format: str
    title: Narratives
    categories: tuple[str, ...]
    language: str = ""
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Value:
    """A number, of the whole or of one part of it: `("sex", "female")`."""

    number: Decimal
    dimension: tuple[str, str] | None = None
    comment: Narratives = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Period:
    starts_on: date
    ends_on: date
    targets: tuple[Value, ...] = ()
    actuals: tuple[Value, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """`level` is the type of the result that it stands in."""

    level: str
    measure: str
    title: Narratives
    periods: tuple[Period, ...]


@dataclass(frozen=True, kw_only=True)
class Activity:
    """Everything of one activity, in the order of the standard."""

    identifier: str
    updated_at: datetime
    reporter: Reporter
    title: Narratives
    description: Narratives
    participants: tuple[Participant, ...]
    status: str
    days: tuple[Day, ...]
    scope: str
    sectors: tuple[Share, ...]
    other_identifiers: tuple[OtherIdentifier, ...] = ()
    contact: Contact | None = None
    countries: tuple[Share, ...] = ()
    region: str = ""
    locations: tuple[Location, ...] = ()
    sdg_targets: tuple[str, ...] = ()
    collaboration_type: str = ""
    flow_type: str = ""
    finance_type: str = ""
    aid_type: str = ""
    tied_status: str = ""
    budgets: tuple[Budget, ...] = ()
    links: tuple[Link, ...] = ()
    indicators: tuple[Indicator, ...] = ()
