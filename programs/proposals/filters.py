"""The filters of the members’ list of proposals; their parameters mean the same everywhere."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.listing import Choice, Words, choices_of

from ..models import Proposal, Theme
from ..models.proposals import ProposalQuerySet


def _themes() -> list[tuple[str, str]]:
    return choices_of(Theme.objects.filter(proposals__isnull=False), "slug")


class ProposalFilter(django_filters.FilterSet):
    q = Words(method="matching")
    state = Choice(label=pgettext_lazy("proposal", "State"), choices=Proposal.State)
    theme = Choice(field_name="themes__slug", label=_("Theme"), choices=_themes)

    class Meta:
        model = Proposal
        fields: list[str] = []

    def matching(self, rows: ProposalQuerySet, name: str, value: Any) -> ProposalQuerySet:
        return rows.with_words(value)
