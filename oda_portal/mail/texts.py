"""What a mail says: staff's own text of a kind and language, or the portal's file.

A text holds `{placeholders}`, and nothing else in braces. They are replaced once: what stands in
a value is never interpreted.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from .kinds import CHANGE_LINK, Kind
from .models import MailTemplate

log = logging.getLogger(__name__)

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Text(NamedTuple):
    subject: str
    body: str


class Texts:
    """The texts in force. Staff's own are read once: make a new one for each run."""

    def __init__(self) -> None:
        rows = MailTemplate.objects.all()
        self._own = {(row.kind, row.language): Text(row.subject, row.body) for row in rows}

    def of(self, kind: Kind, language: str) -> Text:
        own = self._own.get((kind.name, language))
        if own is None:
            return text_of_file(kind.name, language)
        if found := problems(kind, own):
            # Right when it was saved: the portal has changed since. The mail must go out.
            log.error("the own text of %s (%s) is not used: %s", kind.name, language, found)
            return text_of_file(kind.name, language)
        return own


@cache
def text_of_file(kind: str, language: str) -> Text:
    """The text that comes with the portal: subject in the first line, then an empty one."""
    folder = settings.BASE_DIR / "templates" / "mail" / language.replace("-", "_")
    subject, _empty, body = (folder / f"{kind}.txt").read_text(encoding="utf-8").split("\n", 2)
    return Text(subject.strip(), body.strip())


def problems(kind: Kind, text: Text) -> list[str]:
    """Sentences that say what is wrong with a text, for whoever wrote it."""
    found = []
    names = {*PLACEHOLDER.findall(text.subject), *PLACEHOLDER.findall(text.body)}
    for name in sorted(names - set(kind.known)):
        found.append(_("This email has no placeholder {%(name)s}.") % {"name": name})
    for name in sorted(kind.needed - set(PLACEHOLDER.findall(text.body))):
        found.append(_("The text must contain the placeholder {%(name)s}.") % {"name": name})
    if {kind.link, CHANGE_LINK} & set(PLACEHOLDER.findall(text.subject)):
        found.append(_("The subject cannot contain a link."))
    if any(brace in PLACEHOLDER.sub("", part) for part in text for brace in "{}"):
        found.append(_("Use braces only around the name of a placeholder."))
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced; raises KeyError when a value is missing."""
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)
