"""What the page of the search is drawn from. Pieces are plain text: the template escapes them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """In the order in which the page offers them."""

    PROGRAM = "program", _("Programme")
    NEWS = "news", pgettext_lazy("search", "News")
    CALL = "call", pgettext_lazy("search", "Call for volunteers")
    FORUM = "forum", _("Forum")
    CITY = "city", pgettext_lazy("search", "City")
    ORGANISATION = "organisation", _("Organisation")
    SERVICE = "service", _("Service")
    DOCUMENT = "document", _("Document")
    PAGE = "page", pgettext_lazy("search", "Page")
    QUESTION = "question", pgettext_lazy("search", "Question")


class Piece(NamedTuple):
    """A part of a title or of a snippet; marked is what the words were found in."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Hit:
    """One object: its title for the reader, and the words where they were found."""

    kind: Kind
    url: str  # in the reader's language
    title: list[Piece]
    title_language: str  # ko, en, zh-hans: the reader's, where it has one
    snippet: list[Piece]  # empty when there is no text but the title
    language: str  # in which the words were found, and of the snippet
    is_foreign: bool  # whether nothing is written of it in the reader's language
    also_in: list[str]  # other languages than that of the entry in which the words are found
    date: date | None
    precision: str  # how much of the date is known: day, month, year
    countries: list[str]  # ISO codes

    @property
    def about(self) -> tuple[Hashable, ...]:
        """All that is said above its title; many hits have the same."""
        return self.kind, self.date, self.precision, self.is_foreign and self.language

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """All that is said of other languages."""
        return self.url, *self.also_in


class OnSite(NamedTuple):
    """A page that is always there, such as a form or a list."""

    title: str
    url: str


@dataclass(frozen=True)
class Results:
    """One page of what was found."""

    text: str  # what was looked for, as it was understood: to be put into the box again
    was_cut: bool = False  # longer, or of more words, than `questions` takes
    places: list[OnSite] = field(default_factory=list)  # named by the words; they are not counted
    hits: list[Hit] = field(default_factory=list)
    total: int = 0  # objects; at most `queries.MOST`
    is_capped: bool = False  # there are more than `total`: “500+”
    page: int = 1
    pages: int = 1
    # How many of each kind whatever kind is chosen; a number of None is not known exactly. Only
    # kinds of which there is something.
    kinds: list[tuple[Kind, int | None]] = field(default_factory=list)
    # Codes of countries and years that hits have, to be offered as filters; the newest year first.
    countries: list[str] = field(default_factory=list)
    years: list[int] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to look for: no word in the text."""
        return not self.text


class Suggestion(NamedTuple):
    title: str
    kind: Kind
    url: str
    language: str  # of the title
