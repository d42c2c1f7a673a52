"""What a partner's activity says beyond what its row holds, read from the text of its file."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation
from django.utils.text import Truncator

from oda_portal.languages import HTML_LANG
from oda_portal.opendata.iati import codes
from oda_portal.opendata.iati.reading import Element, parsed
from oda_portal.opendata.iati.rules import LANG, text_of
from oda_portal.publishing.texts import Text, text_in
from partners.models import PartnerActivity
from partners.models.iati import DAC, dac_label

from .rows import language_of, percentage_of

MOST = 30
# Of a name or a title, and of an address; a line of the page is no place for more.
LONGEST, LONGEST_URL = 300, 2_000


@dataclass(frozen=True)
class Part:
    """A line of the page: an organisation and its role, a country and its share, a document."""

    text: Text
    about: str = ""
    share: Decimal | None = None
    url: str = ""

    @property
    def percent(self) -> str:
        """The share without zeros at its end; "" where there is none."""
        return "" if self.share is None else f"{self.share.normalize():f}%"

    @property
    def lang(self) -> str:
        """Of the text, where it is another than the page's."""
        return HTML_LANG.get(self.text.language, self.text.language) if self.text.is_foreign else ""


@dataclass(frozen=True)
class Details:
    organisations: list[Part]
    places: list[Part]
    sectors: list[Part]
    documents: list[Part]
    results: list[Part]


def details_of(activity: PartnerActivity) -> Details:
    root = parsed(activity.raw_xml)
    default = root.get(LANG) or ""
    named = {country.code: text_in(country, "name") for country in activity.countries.all()}
    return Details(
        organisations=[
            Part(_name(each, default), _label("OrganisationRole", each.get("role", "")))
            for each in root.findall("participating-org")[:MOST]
        ],
        places=[
            *(_country(each, named) for each in root.findall("recipient-country")[:MOST]),
            *(_region(each) for each in root.findall("recipient-region")[:MOST]),
        ],
        sectors=[_sector(each, default) for each in root.findall("sector")[:MOST]],
        documents=[
            Part(_name(each.find("title"), default), url=each.get("url", ""))
            for each in root.findall("document-link")[:MOST]
            if _is_address(each.get("url", ""))
        ],
        results=[
            Part(_name(each.find("title"), default), _label("ResultType", each.get("type", "")))
            for each in root.findall("result")[:MOST]
        ],
    )


def _name(element: Element | None, default: str) -> Text:
    """The narrative that a reader of the active language understands best; else the identifier."""
    found: dict[str, str] = {}
    for narrative in element.findall("narrative") if element is not None else ():
        if text := " ".join(text_of(narrative).split()):
            found.setdefault(language_of(narrative.get(LANG) or default, text), text)
    for language in (translation.get_language() or "", "en", "ko", "zh-hans", *found):
        if language in found:
            return Text(Truncator(found[language]).chars(LONGEST), language)
    reference = element.get("ref", "") if element is not None else ""
    return _in_page(reference or "–")


def _is_address(url: str) -> bool:
    return url.startswith(("https://", "http://")) and len(url) <= LONGEST_URL


def _in_page(text: str) -> Text:
    return Text(Truncator(text).chars(LONGEST), translation.get_language() or "")


def _label(list_name: str, code: str) -> str:
    return codes.label(list_name, code.strip())


def _country(element: Element, named: dict[str, Text]) -> Part:
    """By the site's own name, as in its lists; IATI's for those that the site does not know."""
    code = element.get("code", "").strip().upper()
    text = named.get(code) or _in_page(_label("Country", code))
    return Part(text, share=percentage_of(element))


def _region(element: Element) -> Part:
    return Part(_in_page(_label("Region", element.get("code", ""))), share=percentage_of(element))


def _sector(element: Element, default: str) -> Part:
    """By our label for a DAC code, otherwise in the publisher's words."""
    code = element.get("code", "").strip()
    label = dac_label(code)
    if (element.get("vocabulary") or "1") in DAC and label != code:
        text = _in_page(f"{code} {label}")
    else:
        named = _name(element, default)
        text = named if named.text != "–" else _in_page(code)
    return Part(text, share=percentage_of(element))
