"""What an address asks of the search, as far as it is understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django import forms
from django.apps import apps
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oda_portal.missing import MissingError
from oda_portal.publishing.at_hand import at_hand
from oda_portal.publishing.listing import PlainHidden, PlainSelect
from oda_portal.publishing.texts import text_in

from .results import Kind, Results

# Years that something of the portal can be of.
FIRST_YEAR = 1950
YEARS_AHEAD = 20

# No key types them, and a page that shows one is not valid.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Asked:
    """Words, filters and page; `ignored` names the filters whose value nobody knows."""

    text: str
    kind: str
    country: str
    year: str
    page: int
    ignored: list[str] = field(default_factory=list)

    @property
    def filters(self) -> dict[str, str]:
        """The chosen ones by the name of their parameter."""
        chosen = {"kind": self.kind, "country": self.country, "year": self.year}
        return {name: value for name, value in chosen.items() if value}


def words_of(query: QueryDict) -> str:
    return _CONTROLS.sub(" ", query.get("q", "")).strip()


def read(query: QueryDict) -> Asked:
    """Raises MissingError for what is no number of a page."""
    known = {"kind": is_kind, "country": is_country, "year": is_year}
    asked = {name: value for name in known if (value := query.get(name, "").strip())}
    right = {name: value for name, value in asked.items() if known[name](value)}
    return Asked(
        text=words_of(query),
        kind=right.get("kind", ""),
        country=right.get("country", ""),
        year=right.get("year", ""),
        page=_page(query.get("page", "1")),
        ignored=[label_of(name) for name in asked if name not in right],
    )


def is_kind(value: str) -> bool:
    return value in Kind.values


def is_country(value: str) -> bool:
    return value in country_names()


def is_year(value: str) -> bool:
    last = timezone.localdate().year + YEARS_AHEAD
    return bool(re.fullmatch(r"[0-9]{4}", value)) and FIRST_YEAR <= int(value) <= last


def _page(wanted: str) -> int:
    # isdecimal() also holds for other scripts' figures, which int() reads just as well.
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else 0
    if number < 1:
        raise MissingError(_("This list has no such page."))
    return number


def label_of(name: str) -> str:
    labels = {"kind": _("Kind"), "country": _("Country or area"), "year": _("Year")}
    return labels[name]


def country_names() -> dict[str, str]:
    """Names by code, in the reader's language.

    Countries live in `partners`, which the platform may not import: the model is asked for by
    its name.
    """

    def make() -> dict[str, str]:
        rows = apps.get_model("partners", "Country").objects.order_by_text("name")
        return {row.code: text_in(row, "name").text for row in rows}

    return at_hand(f"country-names:{translation.get_language()}", make)


class NarrowForm(forms.Form):
    """Narrows what was found by what the hits have; words and kind stay as they are."""

    q = forms.CharField(widget=PlainHidden)
    kind = forms.CharField(widget=PlainHidden)

    def __init__(self, asked: Asked, found: Results) -> None:
        super().__init__(initial={"q": found.text, **asked.filters})
        if not asked.kind:
            del self.fields["kind"]
        codes = {*found.countries, asked.country}
        self._offer("country", [pair for pair in country_names().items() if pair[0] in codes])
        years = {*map(str, found.years), asked.year} - {""}
        self._offer("year", [(year, year) for year in sorted(years, reverse=True)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """A list to choose from, where there is something to choose."""
        if choices:
            everything = ("", pgettext("filter", "All"))
            self.fields[name] = forms.ChoiceField(
                label=label_of(name), choices=[everything, *choices], widget=PlainSelect
            )
