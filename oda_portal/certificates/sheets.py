"""What a certificate says, in three languages, as words that no longer change.

They are put together when it is issued. What is printed and shown later comes from here alone: a
programme that is renamed, or an office, changes no certificate.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from oda_portal.pages.furniture import furniture
from oda_portal.publishing.texts import day, period

from .names import clean
from .registry import CertificateKind, Facts, Texts

Sheet = dict[str, Any]


def sheets_of(kind: CertificateKind, facts: Facts, *, issued_on: date) -> dict[str, Sheet]:
    """By language code: titles, labels and values as they are printed.

    `rows` has the same rows in every language, each with `label`, `text` and `lang`, the code of
    the language that the text is in.
    """
    sheets = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            sheets[code] = _sheet(kind, facts, issued_on, code)
    return sheets


def _sheet(kind: CertificateKind, facts: Facts, issued_on: date, code: str) -> Sheet:
    subject, subject_lang = _picked(facts.subject, code)
    return {
        "title": str(kind.label),
        "statement": str(kind.statement),
        "subject": subject,
        "subject_lang": subject_lang,
        "period": period(facts.starts_on, facts.ends_on),
        "rows": list(_rows(facts, code)),
        "name_label": pgettext("person", "Name"),
        "number_label": pgettext("of a certificate", "Number"),
        "issued_on": day(issued_on),
        "office": furniture(code)["office"]["name"],
        "check": _("Check whether this certificate is valid:"),
        "scan": _("QR code with the address of the page that checks this certificate"),
    }


def _rows(facts: Facts, code: str) -> Iterator[dict[str, str]]:
    texts = (
        (pgettext("of a certificate", "Activity"), facts.subject),
        (pgettext("of a certificate", "Role"), facts.role),
        (pgettext("of a certificate", "Place"), facts.place),
    )
    for label, by_language in texts:
        text, lang = _picked(by_language, code)
        if text:
            yield {"label": label, "text": text, "lang": lang}
    if when := period(facts.starts_on, facts.ends_on):
        yield {"label": pgettext("of a certificate", "Period"), "text": when, "lang": code}
    if facts.hours is not None:
        yield {
            "label": pgettext("of a certificate", "Hours"),
            "text": _hours(facts.hours),
            "lang": code,
        }


def _hours(hours: Decimal | int) -> str:
    count = Decimal(hours).normalize()
    words = ngettext("%(hours)s hour", "%(hours)s hours", 1 if count == 1 else 2)
    return words % {"hours": formats.number_format(count, use_l10n=True)}


def _picked(texts: Texts, code: str) -> tuple[str, str]:
    """The text for readers of this language, and the language it is in."""
    fallbacks = settings.MODELTRANSLATION_FALLBACK_LANGUAGES
    for language in (code, *fallbacks.get(code, ()), *dict(settings.LANGUAGES)):
        if text := clean(texts.get(language, "")):
            return text, language
    return "", code
