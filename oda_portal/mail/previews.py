"""Letters as staff read them before they confirm what sends them; nothing is sent here."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from oda_portal.languages import HTML_LANG

from .kinds import kind_of
from .models import Message
from .rendering import Letter, Stationery, letter_of


@dataclass(frozen=True)
class Shown:
    """A letter with the language that it is written in, for `admin/letter.html`."""

    letter: Letter
    html_lang: str
    language: str


def preview_of(message: Message, stationery: Stationery | None = None) -> Shown:
    """What the message would be; it need not be saved. Several letters share one stationery."""
    # A personal link is made at delivery, and nobody else sees it.
    link = _("[personal link]") if kind_of(message.kind).personal else ""
    letter = letter_of(message, stationery or Stationery(), personal_link=link)
    return Shown(letter, HTML_LANG[message.language], message.get_language_display())
