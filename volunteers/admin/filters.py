"""Filters of the list of applications."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet, Subquery, TextChoices
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.privacy.models import AccessSubject, Act
from oda_portal.reviews.models import Decision
from volunteers.models import Application, Choice, Opening, StaffQuestion, State
from volunteers.models.states import DECISIONS, MOVES, UNDER_REVIEW

UNDECIDED = "none"
# The results are near, this long before them.
NEAR = timedelta(days=7)


class Waiting(TextChoices):
    """What staff have to do with an application next, when there is a time for it."""

    REVIEW = "review", gettext_lazy("The call is closed, and nobody has begun to read")
    DECISION = "decision", gettext_lazy("Undecided, with results due within a week")


def waiting_for_staff(rows: Any, what: str) -> Any:
    """Of these those that wait so; for decisions the rows come `with_decision`."""
    now = timezone.now()
    if what == Waiting.REVIEW:
        return rows.filter(state=State.SUBMITTED, call__closes_at__lte=now)
    near = rows.filter(state__in=UNDER_REVIEW, call__released_at__lte=now + NEAR)
    return near.filter(held_outcome=None)


def with_unread_answers(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Applications with an answer that came after anybody of the staff last opened them."""
    opened = AccessSubject.objects.filter(
        label=Application._meta.label_lower,
        object_id=OuterRef("application_id"),
        record__act=Act.DETAIL,
        record__at__gte=OuterRef("answered_at"),
    )
    unread = StaffQuestion.objects.filter(
        ~Exists(opened), application=OuterRef("pk"), answered_at__isnull=False
    )
    return rows.filter(Exists(unread))


def with_decision(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Each with `held_outcome`: what was decided and waits for the time of the results."""
    kind = ContentType.objects.get_for_model(Application)
    held = Decision.objects.filter(content_type=kind, object_id=OuterRef("pk"), released_at=None)
    return rows.annotate(held_outcome=Subquery(held.values("outcome")[:1]))


class DecisionFilter(admin.SimpleListFilter):
    title = gettext_lazy("decision not yet announced")
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        undecided = (UNDECIDED, gettext_lazy("Under review, nothing decided"))
        return [undecided, *((act, MOVES[act][1].label) for act in DECISIONS)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == UNDECIDED:
            return queryset.filter(held_outcome=None, state__in=UNDER_REVIEW)
        return queryset.filter(held_outcome=self.value()) if self.value() in DECISIONS else queryset


class StateFilter(admin.SimpleListFilter):
    title = pgettext_lazy("application", "state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, label) for value, label in State.choices if value != State.DRAFT]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        return queryset.filter(state=value) if value in State.values else queryset


class TeamFilter(admin.SimpleListFilter):
    """Whoever chose an opening of this team, first or later."""

    title = gettext_lazy("team")
    parameter_name = "team"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Opening.Team.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in Opening.Team.values:
            return queryset
        chosen = Choice.objects.filter(application=OuterRef("pk"), opening__team=self.value())
        return queryset.filter(Exists(chosen))


class AnsweredFilter(admin.SimpleListFilter):
    title = gettext_lazy("answers")
    parameter_name = "answers"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("new", gettext_lazy("Answered but not yet opened"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return with_unread_answers(queryset) if self.value() == "new" else queryset


class WaitingFilter(admin.SimpleListFilter):
    title = gettext_lazy("waiting for staff")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Waiting.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        return waiting_for_staff(queryset, value) if value in Waiting.values else queryset
