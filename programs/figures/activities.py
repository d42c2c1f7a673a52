"""What the office did: its programmes by year, kind, arrangement, theme, state and goal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from oda_portal.opendata.iati.codes import label_lazy

from ..models import Program, Theme
from ..models.program import Arrangement, Kind, State
from .chosen import Chosen
from .figure import Figure, Line, Measure, Number, most_first


def _years(chosen: Chosen, programs: Iterable[Program], **more: Any) -> list[Line]:
    found = chosen.in_years(programs)
    return [
        Line(
            str(year),
            (Number.leading_to(chosen.programs_url(**more, year=year), found[year]),),
            str(year),
        )
        for year in sorted(found)
        if found[year]
    ]


def by_year(chosen: Chosen) -> list[Line]:
    return _years(chosen, chosen.programs)


def forums_by_year(chosen: Chosen) -> list[Line]:
    return _years(chosen, chosen.of_kinds(Kind.FORUM), kind=Kind.FORUM)


def _by_choice(chosen: Chosen, name: str, choices: Any, found: Counter[Any]) -> list[Line]:
    return most_first(
        Line(
            code.value,
            (Number.leading_to(chosen.programs_url(**{name: code.value}), found[code]),),
            code.label,
        )
        for code in choices
        if found[code]
    )


def by_kind(chosen: Chosen) -> list[Line]:
    return _by_choice(chosen, "kind", Kind, Counter(each.kind for each in chosen.programs))


def by_arrangement(chosen: Chosen) -> list[Line]:
    found = Counter(each.arrangement for each in chosen.programs)
    return _by_choice(chosen, "arrangement", Arrangement, found)


def by_state(chosen: Chosen) -> list[Line]:
    found = Counter(each.state() for each in chosen.programs)
    return _by_choice(chosen, "state", State, found)


def by_theme(chosen: Chosen) -> list[Line]:
    found = Counter(theme for _program, theme in chosen.themes)
    themes = Theme.objects.filter(pk__in=list(found))
    if slug := chosen.one("theme"):
        themes = themes.filter(slug=slug)
    return most_first(
        Line(
            row.slug,
            (Number.leading_to(chosen.programs_url(theme=row.slug), found[row.pk]),),
            of=row,
        )
        for row in themes
    )


def by_goal(chosen: Chosen) -> list[Line]:
    """Programmes by goals; a target such as 3.2 belongs to goal 3."""
    pairs = {(program, int(code.split(".")[0])) for program, code in chosen.targets}
    found = Counter(goal for _program, goal in pairs)
    return [
        Line(
            str(goal),
            (Number.leading_to(chosen.programs_url(sdg=goal), found[goal]),),
            label_lazy("UNSDG-Goals", str(goal)),
        )
        for goal in sorted(found)
    ]


def without_theme(chosen: Chosen) -> str:
    n = len(chosen.programs) - len({program for program, _theme in chosen.themes})
    return _said(
        n, ngettext_lazy("%(n)s programme has no theme.", "%(n)s programmes have no theme.", "n")
    )


def without_date(chosen: Chosen) -> str:
    n = sum(program.starts_on is None for program in chosen.programs)
    return _said(
        n,
        ngettext_lazy(
            "%(n)s programme without a date is left out.",
            "%(n)s programmes without a date are left out.",
            "n",
        ),
    )


def without_state(chosen: Chosen) -> str:
    n = sum(program.state() is None for program in chosen.programs)
    return _said(
        n,
        ngettext_lazy(
            "%(n)s programme without a date is left out.",
            "%(n)s programmes without a date are left out.",
            "n",
        ),
    )


def without_goal(chosen: Chosen) -> str:
    n = len(chosen.programs) - len({program for program, _code in chosen.targets})
    return _said(
        n,
        ngettext_lazy(
            "For %(n)s programme no goal is recorded.",
            "For %(n)s programmes no goal is recorded.",
            "n",
        ),
    )


def _said(n: int, sentence: Any) -> str:
    return str(sentence % {"n": n}) if n else ""


PROGRAMMES = (Measure("programmes", _("Programmes")),)

BY_YEAR = Figure(
    name="programmes-by-year",
    title=_("Programmes, by year"),
    about=_("A programme is counted in every year in which it ran on at least one day."),
    head=_("Year"),
    measures=PROGRAMMES,
    lines=by_year,
    rest=without_date,
    upright=True,
)
BY_KIND = Figure(
    name="programmes-by-kind",
    title=_("Programmes, by kind"),
    about=_("Each programme is of one kind."),
    head=_("Kind"),
    measures=PROGRAMMES,
    lines=by_kind,
)
BY_ARRANGEMENT = Figure(
    name="programmes-by-arrangement",
    title=_("Programmes, by arrangement"),
    about=_("Who pays for a programme, and who asked for it."),
    head=_("Arrangement"),
    measures=PROGRAMMES,
    lines=by_arrangement,
)
BY_THEME = Figure(
    name="programmes-by-theme",
    title=_("Programmes, by theme"),
    about=_("A programme with several themes is counted in each of them."),
    head=_("Theme"),
    measures=PROGRAMMES,
    lines=by_theme,
    rest=without_theme,
)
BY_STATE = Figure(
    name="programmes-by-state",
    title=_("Programmes, by state"),
    about=_("As of today, computed from the dates."),
    head=_("State"),
    measures=PROGRAMMES,
    lines=by_state,
    rest=without_state,
)
BY_GOAL = Figure(
    name="programmes-by-sdg",
    title=_("Programmes, by Sustainable Development Goal"),
    about=_(
        "By the targets that are recorded for a programme. One with several goals is counted in"
        " each of them."
    ),
    head=_("Goal"),
    measures=PROGRAMMES,
    lines=by_goal,
    rest=without_goal,
)
FORUMS_BY_YEAR = Figure(
    name="forums-by-year",
    title=_("Forums and meet-ups, by year"),
    about=_("Editions that the office held or helped to hold."),
    head=_("Year"),
    measures=(Measure("editions", pgettext_lazy("forum", "Editions")),),
    lines=forums_by_year,
    upright=True,
)
