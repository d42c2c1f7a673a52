"""Name badges as a PDF: ten on a sheet, each name as large as its label holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typst
from django.utils import translation
from django.utils.translation import gettext as _

from forums.models import Forum, Registration
from oda_portal.certificates.fonts import CHARACTERS, LETTERS, fonts
from oda_portal.certificates.names import clean, script_of
from oda_portal.certificates.printing import missing_signs
from oda_portal.certificates.registry import Script
from oda_portal.publishing.texts import text_in

TEMPLATE = Path(__file__).with_name("badges.typ")
# So many registrations are drawn in two seconds; more are printed in parts.
AT_ONCE = 300
# No label is as wide as a word of more letters than this: it breaks where it must.
LONGEST_WORD = 24
_LONG = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")


def badges_of(forum: Forum, registrations: Iterable[Registration]) -> bytes:
    """A badge for each person of each registration, in this order.

    Of a party only one name is known: the others get a line to write on, as does whoever has a
    name in a script that no font has.
    """
    badges = [badge for one in registrations for badge in _of_party(one)]
    while True:
        try:
            return _drawn(forum, badges)
        except typst.TypstError as error:
            signs = missing_signs(error)
            if not signs or not _leave_blank(badges, signs):
                raise


def _of_party(registration: Registration) -> Iterable[dict[str, str]]:
    name, under = clean(registration.name), clean(registration.affiliation)
    first = _badge(registration, name, under)
    yield first
    with translation.override(registration.language):
        along = _broken(_("With %(name)s") % {"name": name})
    for _other in range(1, registration.size):
        yield {**first, "name": "", "under": along, "under_lang": first["lang"]}


def _badge(registration: Registration, name: str, under: str) -> dict[str, str]:
    return {
        "name": _broken(name),
        "lang": _language_of(name, registration.language),
        "under": _broken(under),
        "under_lang": _language_of(under, registration.language),
        "number": registration.number,
    }


def _broken(text: str) -> str:
    """Letters in one long word get room to break; Korean and Chinese break anywhere."""
    if script_of(text) in (Script.HANGUL, Script.HANZI):
        return text
    return _LONG.sub(lambda found: f"{found[0]} ", text)


def _language_of(text: str, language: str) -> str:
    """Whose shapes the characters have: the same character is drawn in two ways."""
    script = script_of(text)
    if script == Script.HANGUL:
        return "ko"
    if script == Script.HANZI:
        return "zh" if language == "zh-hans" else "ko"
    return "en"


def _leave_blank(badges: list[dict[str, str]], signs: str) -> bool:
    """Take out what holds one of these signs; False when there was nothing."""
    found = False
    for badge in badges:
        for part in ("name", "under"):
            if set(badge[part]) & set(signs):
                badge[part], found = "", True
    return found


def _drawn(forum: Forum, badges: list[dict[str, str]]) -> bytes:
    title = text_in(forum.program, "title")
    data: dict[str, Any] = {
        "title": clean(title.text),
        "lang": title.language.partition("-")[0],
        "badges": badges,
        "fonts": {"letters": LETTERS, "ko": CHARACTERS["ko"], "zh": CHARACTERS["zh-hans"]},
    }
    compiler = typst.Compiler(
        str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts(), ignore_system_fonts=True
    )
    made = compiler.compile(
        format="pdf",
        # With it, a sign that no font has is an error and no empty box.
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    assert isinstance(made, bytes)  # noqa: S101  (a PDF is one file; this tells the type)
    return made
