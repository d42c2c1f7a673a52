"""What of calls for volunteers can be found."""

from __future__ import annotations

from django.utils import timezone

from oda_portal.search.registry import (
    Content,
    Searched,
    in_lines,
    own,
    register,
    together,
    years_of,
)
from oda_portal.search.results import Kind
from partners.models import City, Country

from .models import Call, CallAnswer, Opening


def register_all() -> None:
    register(
        Searched(
            model=Call,
            kind=Kind.CALL,
            content=_call,
            public=Call.objects.published,
            shown={
                Opening: "openings",
                City: "openings__city",
                Country: "openings__city__country",
                CallAnswer: "answers",
            },
        )
    )


def _call(call: Call, language: str) -> Content:
    openings = call.openings.all()
    cities = [opening.city for opening in openings]
    places = [*cities, *(city.country for city in cities)]
    opens, closes = timezone.localdate(call.opens_at), timezone.localdate(call.closes_at)
    return Content(
        title=own(call, "title", language),
        texts=[
            own(call, "summary", language),
            in_lines(own(call, "guide", language)),
            *(own(row, field, language) for row in openings for field in ("tasks", "requirement")),
            own(call, "cost", language),
            *(own(row, field, language) for row in call.answers.all() for field in ANSWER),
        ],
        beside=[
            *together(own(place, "name", language) for place in places),
            *(str(opening.get_team_display()) for opening in openings),
        ],
        date=opens,
        years=years_of(opens, closes),
        countries=[city.country.code for city in cities],
    )


ANSWER = ("question", "answer")
