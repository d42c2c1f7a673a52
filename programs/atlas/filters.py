"""The filters of the map: those of the list, and which part of the world is shown."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from oda_portal.publishing.listing import Choice

from ..filters import ProgramFilter
from ..models import ProgramQuerySet
from .regions import Region


class MapFilter(ProgramFilter):
    region = Choice(
        choices=Region,
        method="seen_closer",
        label=_("Part of the world"),
        widget=forms.HiddenInput,  # chosen by links beside the map, and kept by the form
    )

    def seen_closer(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        """Another view of the same programmes: the regions beside it are still counted."""
        return rows
