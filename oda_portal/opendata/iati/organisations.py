"""The organisation file of IATI 2.03: who reports, and what it may spend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lxml import etree

from .activity import DEFAULT_CURRENCY, DEFAULT_LANGUAGE, Reporter
from .writing import LANG, VERSION, add, amount, moment, narratives, reporting_org


@dataclass(frozen=True, kw_only=True)
class Money:
    """What there is for a period of a year at most; `country` for the part that goes to one."""

    starts_on: date
    ends_on: date
    amount: Decimal
    currency: str
    status: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class Publisher:
    reporter: Reporter
    updated_at: datetime
    budgets: tuple[Money, ...] = ()
    country_budgets: tuple[Money, ...] = ()
    expenditures: tuple[Money, ...] = ()


def organisation_file(publisher: Publisher) -> bytes:
    """The whole file; the same values give the same bytes."""
    updated = moment(publisher.updated_at)
    root = etree.Element("iati-organisations", version=VERSION)
    root.set("generated-datetime", updated)
    element = add(root, "iati-organisation", default_currency=DEFAULT_CURRENCY)
    element.set(LANG, DEFAULT_LANGUAGE)
    element.set("last-updated-datetime", updated)
    add(element, "organisation-identifier").text = publisher.reporter.ref
    narratives(add(element, "name"), publisher.reporter.name)
    reporting_org(element, publisher.reporter)
    for money in publisher.budgets:
        _money(element, "total-budget", money)
    for money in publisher.country_budgets:
        _money(element, "recipient-country-budget", money)
    for money in publisher.expenditures:
        _money(element, "total-expenditure", money)
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _money(parent: etree._Element, tag: str, money: Money) -> None:
    element = add(parent, tag, status=money.status)
    if money.country:
        add(element, "recipient-country", code=money.country)
    amount(element, money.starts_on, money.ends_on, money.amount, money.currency, money.starts_on)
