"""What of forums is published as data: editions and their sessions, and no person by name."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import F, Prefetch
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.opendata.columns import (
    Column,
    Type,
    changed,
    choice,
    linked,
    page_address,
    several,
    stored,
    text,
)
from oda_portal.opendata.registry import Dataset, register
from oda_portal.publishing.freshness import cached
from oda_portal.publishing.listing import Choice
from oda_portal.publishing.models import Precision
from oda_portal.publishing.texts import text_in
from partners.models import City
from programs.models.program import State

from .filters import ForumFilter
from .models import Forum, ForumQuerySet, ForumSession, ForumSessionQuerySet, Room
from .models.sessions import Language

Choices = list[tuple[str, str]]


def _program(forum: Any) -> Any:
    return forum.program


FORUMS = (
    stored("slug", _("Last part of its address on this site")),
    stored("program_code", _("Code of its programme"), field="code", of=_program),
    *choice("kind", _("Kind"), Forum.Kind),
    *linked("series", _("Series"), lambda row: row.series, code="slug"),
    *text("edition_label", _("Edition as it was called")),
    *text("title", _("Title"), of=_program),
    *text("theme", _("Theme")),
    *text("summary", _("Summary"), of=_program),
    *choice(
        "state",
        _("State on the day of the download, by the dates"),
        State,
        value=lambda row: row.program.state(),
        nullable=True,
    ),
    stored(
        "starts_on",
        _("First day, or first possible day"),
        Type.DATE,
        of=_program,
        nullable=True,
        short=pgettext_lazy("column", "Starts on"),
    ),
    stored(
        "ends_on",
        _("Last day, or last possible day"),
        Type.DATE,
        of=_program,
        nullable=True,
        short=pgettext_lazy("column", "Ends on"),
    ),
    *choice("precision", _("How exactly the dates are known"), Precision, of=_program),
    *text("venue", _("Venue"), of=_program),
    *several("city", _("Cities"), lambda row: row.program.cities.all(), code="slug"),
    *several("theme", _("Themes"), lambda row: row.program.themes.all(), code="slug"),
    stored("registration_opens_at", _("Registration opens at"), Type.MOMENT, nullable=True),
    stored("registration_closes_at", _("Registration closes at"), Type.MOMENT, nullable=True),
    stored(
        "is_demonstration",
        _("Whether it only shows how the site works"),
        Type.BOOLEAN,
        of=_program,
    ),
    page_address(),
    changed(),
)


def _forum(session: Any) -> Forum:
    return session.forum


SESSIONS = (
    stored("id", _("ID of the session"), Type.INTEGER),
    stored("forum_slug", _("The edition that it belongs to"), field="slug", of=_forum),
    *choice("kind", _("Kind"), ForumSession.Kind),
    *text("title", _("Title")),
    *text("abstract", _("Abstract")),
    stored("starts_at", _("Begins at"), Type.MOMENT),
    stored("ends_at", _("Ends at"), Type.MOMENT),
    stored("room_id", _("ID of the room"), Type.INTEGER, nullable=True),
    *text("room_name", _("Room"), field="name", of=lambda row: row.room),
    Column(
        name="languages",
        about=_("Languages spoken (ISO 639-1)"),
        value=lambda row: [each.code for each in row.spoken],
        type=Type.LIST,
    ),
    Column(
        name="interpretation",
        about=_("Languages that it is interpreted into (ISO 639-1)"),
        value=lambda row: [each.code for each in row.interpreted],
        type=Type.LIST,
    ),
    Column(
        name="is_cancelled",
        about=_("Whether it was cancelled, by itself or with the edition"),
        value=lambda row: bool(row.cancelled_at or row.forum.program.cancelled_at),
        type=Type.BOOLEAN,
    ),
    stored(
        "is_demonstration",
        _("Whether it only shows how the site works"),
        Type.BOOLEAN,
        of=lambda row: row.forum.program,
    ),
    page_address(),
    changed(),
)


def forums() -> ForumQuerySet:
    return Forum.objects.published().select_related("program", "series").newest_first()


def sessions() -> ForumSessionQuerySet:
    """Of all public editions, the newest first; within one in the order of its programme."""
    rows = ForumSession.objects.published().select_related("forum__program", "room")
    return rows.order_by(
        F("forum__program__starts_on").desc(nulls_last=True),
        "-forum",
        "starts_at",
        F("room__position").asc(nulls_last=True),
        "room",
        "pk",
    )


def _kept() -> dict[str, Choices]:
    """What the public editions have, kept per language for the generation."""
    return cached(f"choices:forum-sessions:{translation.get_language()}", _choices)


def _choices() -> dict[str, Choices]:
    public = Forum.objects.published().select_related("program")
    moments = ForumSession.objects.published().order_by().values_list("starts_at", flat=True)
    days = sorted({timezone.localdate(moment).isoformat() for moment in moments})
    return {
        "forum": [(row.slug, text_in(row.program, "title").text) for row in public],
        "day": [(day, day) for day in days],
        "room": [
            (str(room.pk), text_in(room, "name").text)
            for room in Room.objects.filter(forum__in=public).order_by("forum", "position", "pk")
        ],
    }


class SessionFilter(django_filters.FilterSet):
    """The filters of an edition’s programme, over the programmes of all."""

    forum = Choice(field_name="forum__slug", label=pgettext_lazy("event", "Forum"))
    day = Choice(label=pgettext_lazy("programme", "Day"), method="on_day")
    room = Choice(label=_("Room"))
    kind = Choice(label=_("Kind"), choices=ForumSession.Kind)
    language = Choice(label=_("Language spoken"), choices=Language, method="in_language")
    interpretation = Choice(
        label=_("Interpretation into"), choices=Language, method="with_interpretation"
    )

    class Meta:
        model = ForumSession
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in _kept().items():
            self.filters[name].extra["choices"] = choices

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


def register_all() -> None:
    register(
        Dataset(
            name="forums",
            title=_("Forums and meet-ups"),
            about=_("Every edition of the city’s forums and meet-ups, as far back as is known."),
            columns=FORUMS,
            rows=lambda: forums().prefetch_related(
                "program__themes", Prefetch("program__cities", City.objects.published())
            ),
            key="slug",
            called="title",
            filters=ForumFilter,
            page="forums:forum_list",
            keywords=(pgettext_lazy("event", "Forum"), pgettext_lazy("event", "Meet-up")),
        )
    )
    register(
        Dataset(
            name="forum-sessions",
            title=_("Sessions of forums"),
            about=_("The programmes of the forums: sessions, rooms, hours and languages."),
            columns=SESSIONS,
            rows=lambda: sessions().prefetch_related("languages"),
            key="id",
            filters=SessionFilter,
            keywords=(pgettext_lazy("event", "Forum"), pgettext_lazy("forum", "Programme")),
        )
    )
