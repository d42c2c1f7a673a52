"""Each figure as a dataset: the numbers of its table, without filters."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.opendata.columns import Column, Type
from oda_portal.opendata.registry import Dataset, register

from .chosen import Chosen
from .figure import Figure, Line
from .sections import SECTIONS


def register_all() -> None:
    for section in SECTIONS:
        for figure in section.figures:
            register(_dataset(figure))


def _dataset(figure: Figure) -> Dataset:
    return Dataset(
        name=figure.name,
        title=figure.title,
        about=figure.about,
        columns=_columns(figure),
        rows=lambda: figure.lines(Chosen()),
        page="programs:figures",
        keywords=(pgettext_lazy("page", "Figures"), _("Statistics")),
        figure=True,
        changed="",
    )


def _columns(figure: Figure) -> tuple[Column, ...]:
    code = _("Code of the line; “unknown” for what is not known")
    return (
        Column(name="code", about=code, value=lambda line: line.code),
        Column(name="name", about=figure.head, value=lambda line: line.name, worded=True),
        *(
            Column(
                name=measure.name,
                about=measure.label,
                value=partial(_number, place),
                type=Type.INTEGER,
                nullable=True,
            )
            for place, measure in enumerate(figure.measures)
        ),
        Column(
            name="about",
            about=_("Whether one of the numbers is approximate"),
            value=lambda line: any(number.about for number in line.numbers),
            type=Type.BOOLEAN,
        ),
    )


def _number(place: int, line: Line) -> int | None:
    return line.numbers[place].value
