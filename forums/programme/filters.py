"""The filters of an edition’s programme; their choices are what this edition has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import django_filters
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.freshness import cached
from oda_portal.publishing.listing import Choice
from oda_portal.publishing.texts import text_in
from oda_portal.publishing.times import korea_day

from ..models import Forum, ForumSession, ForumSessionQuerySet, SessionLanguage
from ..models.sessions import Language

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Offered:
    """What can be chosen in one edition, in the active language."""

    days: Choices = field(default_factory=list)
    rooms: Choices = field(default_factory=list)
    kinds: Choices = field(default_factory=list)
    spoken: Choices = field(default_factory=list)
    interpreted: Choices = field(default_factory=list)


def offered_by(forum: Forum) -> Offered:
    """Kept for the generation, by language."""
    name = f"choices:programme:{forum.pk}:{translation.get_language()}"
    return cached(name, lambda: _offered(forum))


def filter_of(forum: Forum) -> type[django_filters.FilterSet]:
    offered = offered_by(forum)

    class ProgrammeFilter(django_filters.FilterSet):
        day = Choice(label=pgettext_lazy("programme", "Day"), choices=offered.days, method="on_day")
        room = Choice(label=_("Room"), choices=offered.rooms, field_name="room")
        kind = Choice(label=_("Kind"), choices=offered.kinds)
        language = Choice(label=_("Language spoken"), choices=offered.spoken, method="in_language")
        interpretation = Choice(
            label=_("Interpretation into"),
            choices=offered.interpreted,
            method="with_interpretation",
        )

        class Meta:
            model = ForumSession
            fields: list[str] = []

        def on_day(self, rows: ForumSessionQuerySet, name: str, value: str) -> ForumSessionQuerySet:
            return rows.on_day(date.fromisoformat(value))

        def in_language(
            self, rows: ForumSessionQuerySet, name: str, value: str
        ) -> ForumSessionQuerySet:
            return rows.spoken_in(value)

        def with_interpretation(
            self, rows: ForumSessionQuerySet, name: str, value: str
        ) -> ForumSessionQuerySet:
            return rows.interpreted_into(value)

    return ProgrammeFilter


def _offered(forum: Forum) -> Offered:
    held = forum.sessions.values_list("starts_at", "kind")
    days = {timezone.localdate(starts_at): starts_at for starts_at, _kind in held}
    return Offered(
        days=[(day.isoformat(), korea_day(moment)) for day, moment in sorted(days.items())],
        rooms=[(str(room.pk), text_in(room, "name").text) for room in forum.rooms.all()],
        kinds=_in_use(ForumSession.Kind.choices, {kind for _starts_at, kind in held}),
        spoken=_languages(forum, is_interpretation=False),
        interpreted=_languages(forum, is_interpretation=True),
    )


def _languages(forum: Forum, *, is_interpretation: bool) -> Choices:
    rows = SessionLanguage.objects.filter(session__forum=forum, is_interpretation=is_interpretation)
    return _in_use(Language.choices, set(rows.values_list("code", flat=True)))


def _in_use(choices: Iterable[tuple[str, Any]], used: set[str]) -> Choices:
    return [(value, str(label)) for value, label in choices if value in used]
