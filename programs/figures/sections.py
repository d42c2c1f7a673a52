"""The figures in the order of their page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from . import activities, partners, people
from .figure import Figure, Words


@dataclass(frozen=True)
class Section:
    key: str
    title: Words
    figures: tuple[Figure, ...]


SECTIONS = (
    Section("training", _("Training"), (people.TRAINED_BY_YEAR, people.TRAINED_BY_COUNTRY)),
    Section(
        "volunteers",
        _("Volunteering abroad"),
        (people.VOLUNTEERS_BY_YEAR, people.VOLUNTEERS_BY_CITY),
    ),
    Section(
        "programmes",
        _("Programmes"),
        (
            activities.BY_YEAR,
            activities.BY_KIND,
            activities.BY_ARRANGEMENT,
            activities.BY_THEME,
            activities.BY_STATE,
            activities.BY_GOAL,
        ),
    ),
    Section("forums", _("Forums"), (activities.FORUMS_BY_YEAR,)),
    Section(
        "partners",
        _("Partners"),
        (
            partners.CITIES_BY_RELATION,
            partners.CITIES_BY_YEAR,
            partners.ORGANISATIONS_BY_KIND,
        ),
    ),
)
