"""The home page, and what robots may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Prefetch, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from news.pages import latest_articles
from oda_portal.languages import CODES, path_in
from oda_portal.pages.furniture import foot_of
from oda_portal.pages.models import Service, Strand
from oda_portal.publishing.at_hand import at_hand
from oda_portal.publishing.freshness import public
from partners.activities import cities_worked_in
from partners.models import City
from partners.worldmap import world_map
from programs.few import enough
from programs.models import ParticipantGroup, Program
from programs.models.program import Kind, State
from volunteers.models import Call
from volunteers.models.calls import Phase

LATEST = 3
CLOSED_TO_ROBOTS = ("/admin/", "/accounts/", "/satisfaction/", "/display/")
SHOWN_CITIES = 3


@dataclass(frozen=True)
class Figures:
    """What the records add up to. People only in the courses whose number is known and shown."""

    sister_cities: int
    friendship_cities: int
    deployments: int
    courses: int
    trained: int


@public
def home(request: HttpRequest) -> HttpResponse:
    # Its parts are written once for many readers: until then nothing is asked for.
    return render(request, "home.html", {"home": SimpleLazyObject(_home), **foot_of()})


def _home() -> dict[str, Any]:
    programs = Program.objects.published().ours()
    return {
        **at_hand(f"home:{get_language()}", _standing),
        "running": _now(),
        "open_calls": _open_calls(),
        "news": latest_articles()[:LATEST],
        "latest": programs.newest_first()[:LATEST],
    }


def _standing() -> dict[str, Any]:
    """What the records add up to, in the active language; kept for the generation."""
    cities = list(City.objects.published().partners().select_related("country"))
    worked_in = _worked_in(cities)
    services = Prefetch("services", Service.objects.published())
    return {
        "figures": figures(cities),
        "map": world_map(cities, active={city.pk for city in worked_in}),
        "worked_in": worked_in[:SHOWN_CITIES],
        "cities": sorted(cities, key=lambda city: (city.agreed_on is None, city.agreed_on)),
        "strands": list(Strand.objects.prefetch_related(services)),
    }


def _now() -> list[Program]:
    """What is under way or planned, and has not merely been announced."""
    rows = Program.objects.published().ours().filter(announced_only=False)
    found = rows.in_state(State.RUNNING) | rows.in_state(State.PLANNED)
    return list(found.newest_first()[:LATEST])


def _open_calls() -> list[Call]:
    """What citizens can apply to at this moment, by deadline."""
    return list(Call.objects.published().in_phase(Phase.OPEN).open_first()[:LATEST])


def _worked_in(cities: list[City]) -> list[City]:
    """Cities that volunteers went to or that have a Sister Village, most often worked in first."""
    times = at_hand("home-cities", cities_worked_in)
    worked_in = [city for city in cities if city.pk in times]
    return sorted(worked_in, key=lambda city: (-times[city.pk], city.slug))


def figures(cities: list[City]) -> Figures:
    relations = [city.relation for city in cities]
    found = at_hand("home-figures", _added_up)
    return Figures(
        sister_cities=relations.count(City.Relation.SISTER),
        friendship_cities=relations.count(City.Relation.FRIENDSHIP),
        deployments=found["deployments"],
        courses=found["courses"],
        trained=found["trained"],
    )


def _added_up() -> dict[str, int]:
    rows = Program.objects.published().ours().counted()
    courses = rows.filter(kind__in=[Kind.TRAINING, Kind.CONSULTING])
    groups = ParticipantGroup.objects.filter(enough(), run__program__in=courses)
    trained = groups.aggregate(
        courses=Count("run__program", distinct=True), trained=Coalesce(Sum("total"), 0)
    )
    return {"deployments": rows.filter(kind=Kind.VOLUNTEER).count(), **trained}


def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path_in(path, code)}" for path in CLOSED_TO_ROBOTS for code in CODES),
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
