"""What of volunteering is published as data; nothing here is about a person."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.utils import translation
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
from programs.datasets.programmes import described
from programs.filters import ProgramFilter
from programs.models import ProgramQuerySet
from programs.models.program import State

from .filters import CallFilter
from .models import Call, CallQuerySet, Opening
from .models.calls import Phase
from .rounds import deployments, key_of, rounds

DEPLOYMENTS = (
    stored("code", pgettext_lazy("column", "Code")),
    *text("title", _("Title")),
    *text("summary", _("Summary")),
    Column(
        name="round",
        about=_("The round, or y and the year of a deployment in no numbered round"),
        value=lambda row: key_of(row),
    ),
    *choice(
        "state",
        _("State on the day of the download, by the dates"),
        State,
        value=lambda row: row.state(),
        nullable=True,
    ),
    stored(
        "starts_on",
        _("First day, or first possible day"),
        Type.DATE,
        nullable=True,
        short=pgettext_lazy("column", "Starts on"),
    ),
    stored(
        "ends_on",
        _("Last day, or last possible day"),
        Type.DATE,
        nullable=True,
        short=pgettext_lazy("column", "Ends on"),
    ),
    *choice("precision", _("How exactly the dates are known"), Precision),
    stored(
        "announced_only",
        _("Whether it was only announced; that it took place is not confirmed"),
        Type.BOOLEAN,
    ),
    *several("country", _("Countries or areas"), lambda row: row.named_countries, code="code"),
    *several("city", _("Cities"), lambda row: row.cities.all(), code="slug"),
    *several("theme", _("Themes"), lambda row: row.themes.all(), code="slug"),
    Column(
        name="village_code",
        about=_("Code of the Sister Village where these volunteers worked"),
        value=lambda row: row.village.code if row.village and row.village.is_public() else None,
        nullable=True,
    ),
    Column(
        name="people",
        about=_("People, as far as their number is known; without groups of fewer than three"),
        value=lambda row: row.people_total,
        type=Type.INTEGER,
        nullable=True,
    ),
    stored("people_about", _("Whether that number is approximate"), Type.BOOLEAN),
    page_address(),
    changed(),
)

CALLS = (
    stored("slug", _("Last part of its address on this site")),
    stored("edition", pgettext_lazy("call", "Edition"), Type.INTEGER, nullable=True),
    *text("title", _("Title")),
    *text("summary", _("Summary")),
    *text("cost", _("What it costs")),
    *choice(
        "state",
        _("State at the time of the download"),
        Phase,
        value=lambda row: row.phase(),
    ),
    stored("opens_at", _("Opens at"), Type.MOMENT),
    stored("closes_at", _("Closes at"), Type.MOMENT),
    stored("released_at", _("Results at"), Type.MOMENT, nullable=True),
    stored("min_age", _("Minimum age"), Type.INTEGER),
    stored("age_on", _("Day on which age counts"), Type.DATE),
    Column(
        name="places",
        about=_("Places in all openings together"),
        value=lambda row: sum(opening.pool.capacity for opening in row.openings.all()),
        type=Type.INTEGER,
    ),
    stored("is_demonstration", _("Whether it only shows how the site works"), Type.BOOLEAN),
    page_address(),
    changed(),
)


def _call(opening: Any) -> Call:
    return opening.call


def _city(opening: Any) -> Any:
    return opening.public_city


OPENINGS = (
    stored("id", _("ID of the opening"), Type.INTEGER),
    *linked("call", _("Call for volunteers"), _call, code="slug", label="title"),
    *choice("team", _("Team"), Opening.Team),
    *linked("city", _("City of deployment"), _city, code="slug", nullable=True),
    *linked("country", _("Country or area"), lambda row: row.city.country),
    stored("departs_on", _("Departs on"), Type.DATE),
    stored("returns_on", _("Returns on"), Type.DATE),
    *choice("mode", _("How places are given"), Opening.Mode),
    stored("places", _("Places"), Type.INTEGER, field="capacity", of=lambda row: row.pool),
    stored("closes_at", _("Closes at"), Type.MOMENT, field="deadline"),
    *text("tasks", _("What the team does")),
    *text("requirement", _("Who is looked for")),
    stored(
        "is_demonstration",
        _("Whether it only shows how the site works"),
        Type.BOOLEAN,
        of=_call,
    ),
    page_address(_call),
)


def calls() -> CallQuerySet:
    return Call.objects.published().open_first()


def openings() -> QuerySet[Opening]:
    """Of the calls that everybody may see, the latest call first."""
    rows = Opening.objects.filter(call__in=Call.objects.published())
    return rows.order_by(F("call__closes_at").desc(), "-call", "position", "pk")


def _rounds() -> list[tuple[str, str]]:
    language = translation.get_language()
    return cached(f"choices:rounds:{language}", lambda: [(row.key, row.title) for row in rounds()])


class DeploymentFilter(ProgramFilter):
    """The filters of the programmes that say something of deployments, and the round."""

    # Of deployments they are always the same: django-filter leaves out what is None.
    kind = None  # type: ignore[assignment]
    arrangement = None  # type: ignore[assignment]
    modality = None  # type: ignore[assignment]
    round = Choice(label=pgettext_lazy("deployments", "Round"), choices=_rounds, method="in_round")

    def in_round(self, rows: ProgramQuerySet, name: str, value: str) -> ProgramQuerySet:
        if value.isdecimal():
            return rows.filter(edition=value)
        unnumbered = rows.filter(edition__isnull=True)
        if value == "undated":
            return unnumbered.filter(starts_on__isnull=True)
        return unnumbered.filter(starts_on__year=value.removeprefix("y"))


def register_all() -> None:
    register(
        Dataset(
            name="deployments",
            title=_("Deployments of volunteers"),
            about=_("Every recorded deployment: where, when, in which round and how many went."),
            columns=DEPLOYMENTS,
            rows=lambda: described(deployments()),
            filters=DeploymentFilter,
            page="volunteers:round_list",
            keywords=(_("Volunteering abroad"), _("Volunteers")),
        )
    )
    register(
        Dataset(
            name="calls",
            title=_("Calls for volunteers"),
            about=_("When volunteers were looked for, for how many places, and on what terms."),
            columns=CALLS,
            rows=lambda: calls().prefetch_related("openings__pool"),
            key="slug",
            filters=CallFilter,
            page="volunteers:call_list",
            keywords=(_("Volunteers"),),
        )
    )
    register(
        Dataset(
            name="openings",
            title=_("Openings for volunteers"),
            about=_("The teams and places of each call for volunteers."),
            columns=OPENINGS,
            rows=lambda: openings().select_related("call", "city__country", "pool"),
            key="id",
            called="call_title",
            keywords=(_("Volunteers"),),
            changed="call__changed_at",
        )
    )
