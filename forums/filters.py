"""The filters of the archive; their parameters mean the same everywhere."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from oda_portal.publishing.at_hand import at_hand
from oda_portal.publishing.listing import Choice, Words, choices_of
from programs.models import Program, Theme

from .models import Forum, ForumQuerySet, ForumSession, Series, Speaker

Choices = list[tuple[str, str]]


def _kept() -> dict[str, Choices]:
    """Choices that public editions have, kept per language for the generation."""
    return at_hand(f"choices:forums:{translation.get_language()}", _choices)


def _choices() -> dict[str, Choices]:
    forums = Forum.objects.published()
    themes = Theme.objects.filter(programs__forum__in=forums)
    days = forums.exclude(program__starts_on=None).values_list(
        "program__starts_on", "program__ends_on"
    )
    years = {year for first, last in days for year in range(first.year, (last or first).year + 1)}
    series = Series.objects.filter(forums__in=forums)
    return {
        "series": choices_of(series, "slug"),
        "year": [(str(year), str(year)) for year in sorted(years, reverse=True)],
        "theme": choices_of(themes, "slug"),
    }


class ForumFilter(django_filters.FilterSet):
    q = Words(method="containing")
    series = Choice(field_name="series__slug", label=_("Series"))
    year = Choice(method="in_year", label=_("Year"))
    kind = Choice(choices=Forum.Kind, label=_("Kind"))
    theme = Choice(field_name="program__themes__slug", label=_("Theme"))

    class Meta:
        model = Forum
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in _kept().items():
            self.filters[name].extra["choices"] = choices

    def containing(self, rows: ForumQuerySet, name: str, value: str) -> ForumQuerySet:
        """Every word stands in the theme or in another text of the edition, or in its programme."""
        event = [f"program__{field}" for field in ("title", "summary", "body", "venue")]
        return rows.containing(
            value,
            *("theme", "edition_label", *event),
            sessions__title=ForumSession.objects.all(),
            sessions__appearances__speaker__name=Speaker.objects.all(),
        )

    def in_year(self, rows: ForumQuerySet, name: str, value: str) -> ForumQuerySet:
        return rows.filter(program__in=Program.objects.in_year(int(value)))
