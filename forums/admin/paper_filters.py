"""Filters of the list of papers and topics."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.accounts.areas import within

from ..models import Forum, Submission
from ..models.submissions import DECISIONS, MOVES, State

UNDECIDED = "none"


def undecided(rows: Any) -> Any:
    """Of these, which come with `held_outcome`, those about which nothing is decided."""
    return rows.to_be_decided().filter(held_outcome=None)


class ForumFilter(admin.SimpleListFilter):
    title = pgettext_lazy("event", "forum")
    parameter_name = "forum"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        called = Submission.objects.handed_in().values("forum")
        rows = Forum.objects.filter(pk__in=called).select_related("program").newest_first()
        rows = rows.filter(within(request.user, Forum))
        return [(str(row.pk), str(row)) for row in rows]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {key for key, _label in self.lookup_choices}
        return queryset.filter(forum=self.value()) if self.value() in known else queryset


class StateFilter(admin.SimpleListFilter):
    title = pgettext_lazy("paper", "state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, label) for value, label in State.choices if value != State.DRAFT]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        return queryset.filter(state=value) if value in State.values else queryset


class DecisionFilter(admin.SimpleListFilter):
    title = gettext_lazy("decision not yet announced")
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        undecided = (UNDECIDED, gettext_lazy("Nothing decided"))
        return [undecided, *((act, MOVES[act][1].label) for act in DECISIONS)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == UNDECIDED:
            return undecided(queryset)
        return queryset.filter(held_outcome=self.value()) if self.value() in DECISIONS else queryset


class PlacingFilter(admin.SimpleListFilter):
    title = pgettext_lazy("forum", "programme")
    parameter_name = "programme"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("wanted", gettext_lazy("To be put in or brought up to date")),
            ("in", gettext_lazy("In the programme")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "wanted":
            return queryset.filter(pk__in=Submission.objects.to_be_placed().values("pk"))
        return queryset.exclude(placed_at=None) if self.value() == "in" else queryset
