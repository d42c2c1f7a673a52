"""What the portal keeps of an activity in a partner's file, however messy that is.

Nothing raises here: what cannot be understood is left empty, and the raw text is kept beside it.
What is longer than a page could show is not kept, and the row says so.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.utils.translation import gettext as _

from oda_portal.opendata.iati.reading import Element, raw_text
from oda_portal.opendata.iati.rules import LANG, moment_of, text_of
from oda_portal.publishing.models import language_column

LONGEST_IDENTIFIER = 200
LONGEST_TITLE, LONGEST_DESCRIPTION = 1_000, 20_000
# In bytes; the page of an activity reads its text at each view.
LONGEST_RAW = 1_000_000
MOST_SECTORS = 100
YEARS = range(1900, 2201)
STATUSES = "123456"
DAC = "1"
TRADITIONAL = ("zh-tw", "zh-hk", "zh-mo", "zh-hant")
HANGUL, HAN = re.compile("[\uac00-\ud7a3]"), re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Row:
    """`fields` by the columns of the model; sectors as vocabulary, code and percentage.

    `identifiers` and `reporters` are all that it names, though it may have one of each; the first
    identifier is its own. `fault` is a sentence that says why it cannot be kept.
    """

    identifiers: list[str]
    reporters: list[str]
    size: int = 0
    fault: str = ""
    fields: dict[str, object] = field(default_factory=dict)
    countries: list[str] = field(default_factory=list)
    sectors: list[tuple[str, str, Decimal | None]] = field(default_factory=list)

    @property
    def identifier(self) -> str:
        return self.identifiers[0] if self.identifiers else ""

    @property
    def title(self) -> str:
        names = [language_column("title", code) for code in settings.MODELTRANSLATION_LANGUAGES]
        found = [self.fields.get(name) for name in (*names, "title_other")]
        return next((str(title) for title in found if title), "")


def row_of(activity: Element, version: str) -> Row:
    identifiers = [_words(each) for each in activity.findall("iati-identifier")]
    reporters = [_attribute(each, "ref") for each in activity.findall("reporting-org")]
    raw = raw_text(activity)
    size = len(raw.encode())
    if size > LONGEST_RAW:
        fault = _("It is larger than %(size)s MB.") % {"size": LONGEST_RAW // 1_000_000}
        return Row(identifiers, reporters, size, fault)
    texts = _texts(activity)
    return Row(
        identifiers,
        reporters,
        size,
        _fault(texts),
        fields={**texts, **_facts(activity, version), **_kept(raw)},
        countries=_countries(activity),
        sectors=_sectors(activity),
    )


def _fault(texts: dict[str, str]) -> str:
    longest = {"title": LONGEST_TITLE, "description": LONGEST_DESCRIPTION}
    if all(len(text) <= longest.get(name.split("_")[0], len(text)) for name, text in texts.items()):
        return ""
    sentence = _(
        "Its title is longer than %(title)s characters, or its description longer than"
        " %(description)s."
    )
    return sentence % longest


def _kept(raw: str) -> dict[str, object]:
    return {"raw_xml": raw, "sha256": hashlib.sha256(raw.encode()).hexdigest()}


def _texts(activity: Element) -> dict[str, str]:
    default = (activity.get(LANG) or "").strip()
    titles = _narratives(activity.findall("title"), default)
    descriptions = _narratives(activity.findall("description"), default)
    other = next((code for code in [*titles, *descriptions] if code not in _ours()), "")
    return {
        **_columns("title", titles, other),
        **_columns("description", descriptions, other),
        "other_language": other[:20],
    }


def _facts(activity: Element, version: str) -> dict[str, object]:
    starts_on, ends_on = _days(activity)
    return {
        "activity_status": _status(activity),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "transactions": len(activity.findall("transaction")),
        "budgets": len(activity.findall("budget")),
        "results": len(activity.findall("result")),
        "last_updated": _moment(activity.get("last-updated-datetime", "")),
        "iati_version": version,
    }


def _ours() -> list[str]:
    return list(settings.MODELTRANSLATION_LANGUAGES)


def language_of(code: str, text: str) -> str:
    """The language of the site that a code means, or the code; guessed where there is none."""
    small = code.strip().lower().replace("_", "-")
    if not small:
        guess = [
            name for name, letters in (("ko", HANGUL), ("zh-hans", HAN)) if letters.search(text)
        ]
        return guess[0] if guess else "en"
    if small.startswith("zh") and not small.startswith(TRADITIONAL):
        return "zh-hans"
    main = small.split("-")[0]
    return main if main in _ours() else small


def _narratives(elements: list[Element], default: str) -> dict[str, str]:
    """Texts by language; several of one language stand below each other."""
    found: dict[str, list[str]] = {}
    for element in elements:
        for narrative in element.findall("narrative"):
            if text := _words(narrative):
                language = language_of(narrative.get(LANG) or default, text)
                found.setdefault(language, []).append(text)
    return {language: "\n\n".join(texts) for language, texts in found.items()}


def _columns(name: str, texts: dict[str, str], other: str) -> dict[str, str]:
    ours = {language_column(name, code): texts.get(code, "") for code in _ours()}
    return {**ours, f"{name}_other": texts.get(other, "")}


def _words(element: Element | None) -> str:
    return " ".join(text_of(element).split()) if element is not None else ""


def _attribute(element: Element | None, name: str) -> str:
    return (element.get(name) or "").strip() if element is not None else ""


def _status(activity: Element) -> str:
    code = _attribute(activity.find("activity-status"), "code")
    return code if len(code) == 1 and code in STATUSES else ""


def _days(activity: Element) -> tuple[date | None, date | None]:
    """First and last day, as they really were or else as they are planned."""
    found: dict[str, date] = {}
    for element in activity.findall("activity-date"):
        if day := _moment(_attribute(element, "iso-date")):
            found.setdefault(_attribute(element, "type"), day.date())
    return found.get("2") or found.get("1"), found.get("4") or found.get("3")


def _moment(text: str) -> datetime | None:
    found = moment_of(text)
    return found if found and found.year in YEARS else None


def _countries(activity: Element) -> list[str]:
    """Of the activity, or else of its transactions."""
    for path in ("recipient-country", "transaction/recipient-country"):
        codes = [_attribute(element, "code").upper() for element in activity.findall(path)]
        if codes := [code for code in codes if code]:
            return list(dict.fromkeys(codes))
    return []


def _sectors(activity: Element) -> list[tuple[str, str, Decimal | None]]:
    for path in ("sector", "transaction/sector"):
        found: dict[tuple[str, str], Decimal | None] = {}
        for element in activity.findall(path):
            key = (_attribute(element, "vocabulary") or DAC)[:10], _attribute(element, "code")[:50]
            if key[1]:
                found.setdefault(key, percentage_of(element))
        if found:
            return [(*key, share) for key, share in found.items()][:MOST_SECTORS]
    return []


def percentage_of(element: Element) -> Decimal | None:
    """None for none, and for what is no share of a hundred."""
    try:
        share = Decimal(_attribute(element, "percentage"))
    except InvalidOperation:
        return None
    return share if share.is_finite() and 0 <= share <= 100 else None
