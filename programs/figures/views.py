"""The page of the figures."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from oda_portal.pages.furniture import foot_of
from oda_portal.publishing.freshness import cached, public
from oda_portal.publishing.listing import listing

from ..models import Program
from ..models.program import Kind, Part
from .chosen import Chosen, FiguresFilter, counted, years_of
from .figure import Number, Shown, Words
from .people import Sum
from .sections import SECTIONS, Section


@dataclass(frozen=True)
class Key:
    """One of the numbers on top of the page, with a word on what it leaves out."""

    label: Words
    number: Number
    note: str = ""


@public
def figures(request: HttpRequest) -> HttpResponse:
    chosen_rows = listing(request, FiguresFilter, counted(), per_page=1)
    chosen = Chosen(chosen_rows.query)
    return render(
        request,
        "programs/figures.html",
        {
            "listing": chosen_rows,
            "keys": _keys(chosen),
            "sections": _shown(chosen),
            "left_out": cached("figures:left-out", _left_out),
            "left_out_url": f"{reverse('programs:program_list')}?counted=no",
            **foot_of(),
            "crumbs": [
                {"label": _("Programmes"), "url": reverse("programs:program_list")},
                {"label": pgettext("page", "Figures")},
            ],
        },
    )


def _keys(chosen: Chosen) -> list[Key]:
    """What the page comes to; each number stands in a list as well."""
    keys = [
        _all(chosen),
        _trained(chosen),
        _of_kind(chosen, gettext_lazy("Volunteer deployments"), Kind.VOLUNTEER),
        _of_kind(chosen, gettext_lazy("Forums and meet-ups"), Kind.FORUM),
    ]
    return [key for key in keys if key.number.value]


def _all(chosen: Chosen) -> Key:
    number = Number.leading_to(chosen.programs_url(), len(chosen.programs))
    return Key(gettext_lazy("Programmes"), number, _years(chosen.programs))


def _of_kind(chosen: Chosen, label: Words, kind: Kind) -> Key:
    held = chosen.of_kinds(kind)
    return Key(
        label, Number.leading_to(chosen.programs_url(kind=kind.value), len(held)), _years(held)
    )


def _trained(chosen: Chosen) -> Key:
    found = Sum()
    for group in chosen.people_as(Part.TRAINEE):
        found.add(group)
    url = chosen.people_url(part=Part.TRAINEE)
    number = Number.leading_to(url, found.total, about=found.about)
    silent = len(chosen.silent(chosen.as_part(Part.TRAINEE)))
    note = ngettext(
        "without %(n)s programme whose number is not known",
        "without %(n)s programmes whose number is not known",
        silent,
    )
    return Key(gettext_lazy("People trained"), number, note % {"n": silent} if silent else "")


def _years(programs: list[Program]) -> str:
    """From the first year to the last."""
    years = [year for program in programs for year in years_of(program)]
    if not years:
        return ""
    first, last = min(years), max(years)
    return str(first) if first == last else f"{first}–{last}"


def _shown(chosen: Chosen) -> list[tuple[Section, list[Shown]]]:
    """Sections that have something to show under the filters."""
    found = []
    for section in SECTIONS:
        figures = [
            Shown(figure, chosen)
            for figure in section.figures
            if figure.is_filtered or not chosen.query
        ]
        if shown := [figure for figure in figures if figure]:
            found.append((section, shown))
    return found


def _left_out() -> int:
    """Our programmes that no figure counts."""
    ours = Program.objects.published().ours()
    return ours.count() - ours.counted().count()
