"""From a row to a letter: the text in the receiver's language, framed, as plain text and HTML.

A text is put into its frame once a run, as a form with the placeholders still open; for each mail
they are filled in.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Collection, Iterator
from email.utils import formataddr
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from oda_portal.languages import HTML_LANG, path_in
from oda_portal.pages.furniture import furniture

from .kinds import CHANGE_LINK, Kind, kind_of
from .models import Message
from .outbox import one_line
from .texts import Text, Texts, fill

LONGEST_SUBJECT = 200
# An address of the portal inside a value, in HTML already.
OUR_ADDRESS = re.compile(re.escape(escape(settings.SITE_URL)) + r"/[^\s<]*")


class Form(NamedTuple):
    """Subject, text and HTML with open placeholders; `{subject}` in the HTML is the filled one."""

    subject: str
    text: str
    html: str


class Letter(NamedTuple):
    subject: str
    text: str
    html: str


class Block(NamedTuple):
    """A paragraph, or the link that stands alone in its line."""

    text: str
    is_link: bool = False


class Stationery:
    """What the letters of one run have in common: texts in force, framed; the office's names."""

    def __init__(self) -> None:
        self._texts = Texts()
        self._offices: dict[str, str] = {}
        self._senders: dict[str, str] = {}
        self._forms: dict[tuple[str, str, bool], Form] = {}

    def office(self, language: str) -> str:
        if language not in self._offices:
            with translation.override(language):
                self._offices[language] = furniture(language)["office"]["name"]
        return self._offices[language]

    def sender(self, language: str) -> str:
        """The office's name before the portal's address."""
        if language not in self._senders:
            name = self.office(language)
            self._senders[language] = formataddr((name, settings.DEFAULT_FROM_EMAIL), "utf-8")
        return self._senders[language]

    def form(self, kind: Kind, language: str, *, named: bool) -> Form:
        """The framed text; `named`: the receiver's name is known."""
        key = (kind.name, language, named)
        if key not in self._forms:
            text = self._texts.of(kind, language)
            self._forms[key] = framed(kind, text, language, self.office(language), named=named)
        return self._forms[key]


def letter_of(
    message: Message, stationery: Stationery, *, personal_link: str = "", change_link: str = ""
) -> Letter:
    """The letter as it goes out; raises KeyError when its kind or one of its values is gone."""
    kind = kind_of(message.kind)
    form = stationery.form(kind, message.language, named=bool(message.name))
    values = {**_context(message, kind), "name": message.name}
    values[kind.link] = personal_link or values.get("link") or page_of(message)
    if kind.leave:
        # Whoever has no business with it reads what it is instead.
        values[CHANGE_LINK] = change_link or translation.gettext("[personal link]")
    values["office"] = stationery.office(message.language)
    return filled(form, values, linked=(*kind.linked, CHANGE_LINK))


def sample_letter(kind: Kind, text: Text, language: str, stationery: Stationery) -> Letter:
    """What a text would look like, with the kind's example values."""
    office = stationery.office(language)
    with translation.override(language):
        values = {name: str(kind.sample.get(name, "…")) for name in kind.placeholders}
        values["name"] = translation.pgettext("example of a person", "Hong Gildong")
    values[kind.link] = settings.SITE_URL + path_in(reverse("home"), language)
    values[CHANGE_LINK] = values[kind.link]
    form = framed(kind, text, language, office, named=True)
    return filled(form, {**values, "office": office}, linked=(*kind.linked, CHANGE_LINK))


def framed(kind: Kind, text: Text, language: str, office: str, *, named: bool) -> Form:
    with translation.override(language):
        context = {
            "named": named,
            "blocks": list(_blocks(kind, text.body)),
            "button": str(kind.button),
            "office": office,
            "html_lang": HTML_LANG[language],
            "home": settings.SITE_URL + path_in(reverse("home"), language),
            "style": STYLE,
        }
        plain = _drawn("mail/frame.txt", context).strip() + "\n"
        return Form(text.subject, plain, _drawn("mail/frame.html", context))


def filled(form: Form, values: dict[str, str], linked: Collection[str] = ()) -> Letter:
    subject = one_line(fill(form.subject, values))[:LONGEST_SUBJECT]
    marked_up = {name: _marked_up(value) for name, value in values.items()}
    for name in set(linked) & set(values):
        marked_up[name] = OUR_ADDRESS.sub(r'<a href="\g<0>">\g<0></a>', marked_up[name])
    html = fill(form.html, {**marked_up, "subject": escape(subject)})
    return Letter(subject, fill(form.text, values), html)


def page_of(message: Message) -> str:
    """The page that the mail leads to, in its language."""
    return settings.SITE_URL + path_in(message.path or "/", message.language)


def _context(message: Message, kind: Kind) -> dict[str, str]:
    if not kind.secret:
        return message.context
    # Wiped when it was sent: after that there is nothing to say.
    return json.loads(message.sealed_context or "{}")


def _blocks(kind: Kind, body: str) -> Iterator[Block]:
    """The paragraphs of a text; the link is the last of them, if the text does not place it."""
    alone = f"{{{kind.link}}}"
    paragraphs = [part.strip() for part in body.replace("\r\n", "\n").split("\n\n")]
    for paragraph in filter(None, paragraphs):
        yield Block(paragraph, is_link=paragraph == alone)
    if alone not in body:
        yield Block(alone, is_link=True)


def _marked_up(value: str) -> str:
    return escape(value).replace("\n", "<br>")


def _drawn(template: str, context: dict[str, Any]) -> str:
    return get_template(template).render(context)


def _style() -> str:
    return (settings.BASE_DIR / "templates" / "mail" / "frame.css").read_text(encoding="utf-8")


STYLE = _style()
# For the one page that shows a mail: the policy of the back office allows no other inline style.
STYLE_HASH = "'sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode() + "'"
