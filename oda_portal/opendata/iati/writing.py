"""Activities as XML, element by element in the order that the schema asks for.

One activity is in memory at a time: a file is `head`, then each activity, then `FOOT`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from lxml import etree

from oda_portal.publishing.texts import without_controls

from .activity import (
    DEFAULT_CURRENCY,
    DEFAULT_LANGUAGE,
    Activity,
    Budget,
    Contact,
    Day,
    Indicator,
    Link,
    Location,
    Narratives,
    OtherIdentifier,
    Participant,
    Period,
    Reporter,
    Value,
)

VERSION = "2.03"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
FOOT = b"</iati-activities>\n"

# Every date and time has this length, so that a head can be written before the newest is known.
_MOMENT = "%Y-%m-%dT%H:%M:%S+09:00"


def head(generated: datetime) -> bytes:
    """What stands before the activities; always of the same length."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<iati-activities version="{VERSION}" generated-datetime="{moment(generated)}">\n'
    ).encode()


def whole(activities: Iterable[bytes], generated: datetime) -> bytes:
    """A file of a few activities that are written already."""
    return head(generated) + b"".join(activities) + FOOT


def moment(value: datetime) -> str:
    """In Korea's time, to the second."""
    return timezone.localtime(value, timezone.get_default_timezone()).strftime(_MOMENT)


def written(activity: Activity) -> bytes:
    """One activity, with a line break after it."""
    element = etree.Element(
        "iati-activity",
        {
            LANG: DEFAULT_LANGUAGE,
            "default-currency": DEFAULT_CURRENCY,
            "last-updated-datetime": moment(activity.updated_at),
            "humanitarian": "0",
        },
    )
    _who(element, activity)
    _when(element, activity)
    _where(element, activity)
    _what_for(element, activity)
    for budget in activity.budgets:
        _budget(element, budget)
    for link in activity.links:
        _link(element, link)
    for indicator in activity.indicators:
        _result(element, indicator)
    return etree.tostring(element, encoding="unicode").encode() + b"\n"


def _who(parent: etree._Element, activity: Activity) -> None:
    add(parent, "iati-identifier").text = activity.identifier
    reporting_org(parent, activity.reporter)
    narratives(add(parent, "title"), activity.title)
    narratives(add(parent, "description", type="1"), activity.description)
    for participant in activity.participants:
        _participant(parent, participant)
    for identifier in activity.other_identifiers:
        _other_identifier(parent, identifier)


def reporting_org(parent: etree._Element, reporter: Reporter) -> None:
    element = add(
        parent,
        "reporting-org",
        ref=reporter.ref,
        type=reporter.type,
        secondary_reporter="1" if reporter.secondary else "0",
    )
    narratives(element, reporter.name)


def _participant(parent: etree._Element, participant: Participant) -> None:
    element = add(
        parent,
        "participating-org",
        ref=participant.ref,
        type=participant.type,
        role=participant.role,
    )
    narratives(element, participant.name)


def _other_identifier(parent: etree._Element, identifier: OtherIdentifier) -> None:
    element = add(parent, "other-identifier", ref=identifier.ref, type=identifier.type)
    if identifier.owner:
        add(element, "owner-org", ref=identifier.owner)


def _when(parent: etree._Element, activity: Activity) -> None:
    add(parent, "activity-status", code=activity.status)
    for day in activity.days:
        _day(parent, day)
    if activity.contact:
        _contact(parent, activity.contact)


def _day(parent: etree._Element, day: Day) -> None:
    element = add(parent, "activity-date", iso_date=day.on.isoformat(), type=day.type)
    narratives(element, day.text)


def _contact(parent: etree._Element, contact: Contact) -> None:
    element = add(parent, "contact-info", type="1")
    _named(element, "organisation", contact.organisation)
    _named(element, "department", contact.department)
    for tag, text in (
        ("telephone", contact.telephone),
        ("email", contact.email),
        ("website", contact.website),
    ):
        if text:
            add(element, tag).text = text
    _named(element, "mailing-address", contact.address)


def _named(parent: etree._Element, tag: str, texts: Narratives) -> None:
    if texts:
        narratives(add(parent, tag), texts)


def _where(parent: etree._Element, activity: Activity) -> None:
    if activity.scope:
        add(parent, "activity-scope", code=activity.scope)
    for country in activity.countries:
        add(parent, "recipient-country", code=country.code, percentage=_percent(country.percentage))
    if activity.region:
        add(parent, "recipient-region", vocabulary="1", code=activity.region)
    for location in activity.locations:
        _location(parent, location)


def _location(parent: etree._Element, location: Location) -> None:
    element = add(parent, "location")
    add(element, "location-reach", code=location.reach)
    _named(element, "name", location.name)
    point = add(element, "point", srsName=WGS84)
    add(point, "pos").text = f"{location.latitude:g} {location.longitude:g}"
    add(element, "exactness", code=location.exactness)
    add(element, "location-class", code=location.location_class)


def _what_for(parent: etree._Element, activity: Activity) -> None:
    for sector in activity.sectors:
        share = _percent(sector.percentage)
        add(parent, "sector", vocabulary="1", code=sector.code, percentage=share)
    for target in activity.sdg_targets:
        add(parent, "tag", vocabulary="3", code=target)
    for tag, code in (
        ("collaboration-type", activity.collaboration_type),
        ("default-flow-type", activity.flow_type),
        ("default-finance-type", activity.finance_type),
    ):
        if code:
            add(parent, tag, code=code)
    if activity.aid_type:
        add(parent, "default-aid-type", vocabulary="1", code=activity.aid_type)
    if activity.tied_status:
        add(parent, "default-tied-status", code=activity.tied_status)


def _budget(parent: etree._Element, budget: Budget) -> None:
    element = add(parent, "budget", type=budget.type, status=budget.status)
    amount(
        element, budget.starts_on, budget.ends_on, budget.amount, budget.currency, budget.value_date
    )


def amount(
    parent: etree._Element,
    starts_on: date,
    ends_on: date,
    value: Decimal,
    currency: str,
    value_date: date,
) -> None:
    """A period and what falls into it, as all budgets say it."""
    add(parent, "period-start", iso_date=starts_on.isoformat())
    add(parent, "period-end", iso_date=ends_on.isoformat())
    element = add(parent, "value", currency=currency, value_date=value_date.isoformat())
    element.text = plain_number(value)


def _link(parent: etree._Element, link: Link) -> None:
    element = add(parent, "document-link", url=link.url, format=link.format)
    narratives(add(element, "title"), link.title)
    for category in link.categories:
        add(element, "category", code=category)
    if link.language:
        add(element, "language", code=link.language)
    if link.on:
        add(element, "document-date", iso_date=link.on.isoformat())


def _result(parent: etree._Element, indicator: Indicator) -> None:
    """A result for each indicator: nothing tells which of them belong together."""
    result = add(parent, "result", type=indicator.level)
    narratives(add(result, "title"), indicator.title)
    element = add(result, "indicator", measure=indicator.measure)
    narratives(add(element, "title"), indicator.title)
    for period in indicator.periods:
        _period(element, period)


def _period(parent: etree._Element, period: Period) -> None:
    element = add(parent, "period")
    add(element, "period-start", iso_date=period.starts_on.isoformat())
    add(element, "period-end", iso_date=period.ends_on.isoformat())
    for value in period.targets:
        _value(element, "target", value)
    for value in period.actuals:
        _value(element, "actual", value)


def _value(parent: etree._Element, tag: str, value: Value) -> None:
    element = add(parent, tag, value=plain_number(value.number))
    if value.dimension:
        name, of = value.dimension
        add(element, "dimension", name=name, value=of)
    _named(element, "comment", value.comment)


def add(parent: etree._Element, tag: str, **attributes: str | None) -> etree._Element:
    """A child; attributes without a value are left out, `iso_date` is written `iso-date`."""
    given = {name.replace("_", "-"): value for name, value in attributes.items() if value}
    return etree.SubElement(parent, tag, given)


def narratives(parent: etree._Element, texts: Narratives) -> None:
    """A text in its languages; the file's own language is not named."""
    for language, text in texts.items():
        element = add(parent, "narrative")
        element.text = without_controls(text)
        if language != DEFAULT_LANGUAGE:
            element.set(LANG, language)


def plain_number(value: Decimal) -> str:
    """`600000000`, `12.5`: no exponent, and no zeros behind the point."""
    found = format(value, "f")
    return found.rstrip("0").rstrip(".") if "." in found else found


def _percent(value: Decimal | None) -> str | None:
    return None if value is None else plain_number(value)
