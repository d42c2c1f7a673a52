"""Filters of the list of calls."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.listing import Choice, Words

from .models import Call, CallQuerySet, Opening
from .models.calls import Phase


class CallFilter(django_filters.FilterSet):
    q = Words(method="with_words")
    state = Choice(label=pgettext_lazy("call", "state"), choices=Phase, method="in_phase")
    team = Choice(label=_("Team"), choices=Opening.Team, method="with_team")

    class Meta:
        model = Call
        fields: list[str] = []

    def with_words(self, rows: CallQuerySet, name: str, value: str) -> CallQuerySet:
        return rows.containing(value, "title", "summary")

    def in_phase(self, rows: CallQuerySet, name: str, value: str) -> CallQuerySet:
        return rows.in_phase(value)

    def with_team(self, rows: CallQuerySet, name: str, value: str) -> CallQuerySet:
        return rows.filter(openings__team=value).distinct()
