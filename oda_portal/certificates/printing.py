"""A certificate as a PDF: Korean with one other language on one page, for eyes and screen readers.

Made when it is asked for, from the words that were kept; nothing is stored. The same certificate
gives the same bytes, as long as the template and the fonts are the same.
"""

from __future__ import annotations

import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import segno
import typst
from django.conf import settings
from django.utils.translation import gettext as _

from oda_portal.languages import HTML_LANG, path_in

from .fonts import CHARACTERS, LETTERS, fonts
from .models import Certificate
from .refusals import CannotPrintError
from .registry import Script

TEMPLATE = Path(__file__).with_name("certificate.typ")
MARK = settings.BASE_DIR / "static" / "mark.svg"
# Universal accessibility: with it, a sign that no font has is an error and no empty box.
STANDARD: Final = "ua-1"

_NO_SIGN = re.compile(r'the text `"(.+)"` could not be displayed|disallowed codepoint `"(.+)"`')
_TOO_LONG = "more than one page"


def pdf_of(certificate: Certificate) -> bytes:
    """Raises CannotPrintError for a sign that no font has, and for more than the page holds."""
    compiler = typst.Compiler(
        str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts(), ignore_system_fonts=True
    )
    inputs = {"data": json.dumps(_data(certificate), ensure_ascii=False)}
    try:
        made = compiler.compile(
            format="pdf",
            pdf_standards=[STANDARD],
            sys_inputs=inputs,
            timestamp=int(certificate.issued_at.timestamp()),
        )
    except typst.TypstError as error:
        raise CannotPrintError(_reason(error)) from error
    assert isinstance(made, bytes)  # noqa: S101  (a PDF is one file; this tells the type)
    return made


def address_of(certificate: Certificate) -> str:
    """What the QR code says: the public page, in Korean, from where it leads to the others."""
    return settings.SITE_URL + path_in(certificate.get_absolute_url(), settings.LANGUAGE_CODE)


def _data(certificate: Certificate) -> dict[str, Any]:
    """Everything that the template says or draws; it is read as JSON, and never as source."""
    other = certificate.language
    address = address_of(certificate)
    return {
        "code": certificate.code,
        "names": _names(certificate),
        "korean": _sheet(certificate, settings.LANGUAGE_CODE),
        "other": {**_sheet(certificate, other), "lang": HTML_LANG[other]},
        "address": address,
        "qr": _qr(address),
        "mark": _mark(),
        "fonts": {
            "letters": LETTERS,
            "ko": CHARACTERS[settings.LANGUAGE_CODE],
            "zh": CHARACTERS["zh-hans"],
        },
    }


def _sheet(certificate: Certificate, language: str) -> dict[str, Any]:
    sheet = certificate.sheets[language]
    rows = [{**row, "lang": HTML_LANG[row["lang"]]} for row in sheet["rows"]]
    return {**sheet, "rows": rows}


def _names(certificate: Certificate) -> list[dict[str, str]]:
    """Hangul first, then as the holder writes it; characters as their country draws them."""
    is_chinese = certificate.language == "zh-hans" and not certificate.name_hangul
    languages = {
        Script.HANGUL: "ko",
        Script.HANZI: "zh" if is_chinese else "ko",
        Script.LATIN: "en",
        Script.CYRILLIC: "und",
    }
    return [
        {"text": name, "lang": languages[Script(script)]}
        for script, name in certificate.names.items()
    ]


def _qr(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()


@cache
def _mark() -> str:
    return MARK.read_text(encoding="utf-8")


def missing_signs(error: typst.TypstError) -> str:
    """The characters that no font has, when this is why; otherwise empty."""
    found = _NO_SIGN.search(error.message)
    return (found[1] or found[2]) if found else ""


def _reason(error: typst.TypstError) -> str:
    """In words for staff; raises the error itself when it is our mistake."""
    if _TOO_LONG in error.message:
        return _("It does not fit on one page. Shorten the texts and try again.")
    signs = missing_signs(error)
    if not signs:
        raise error
    return _("No font has the character “%(signs)s”, so nothing was issued.") % {"signs": signs}
