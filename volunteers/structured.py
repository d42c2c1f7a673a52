"""What the page of a call tells machines: a job for volunteers, for as long as it is open."""

from __future__ import annotations

from django.utils.translation import gettext as _

from oda_portal.publishing.texts import text_in
from oda_portal.structured import nodes
from oda_portal.structured.nodes import Node, language_of, node, said
from oda_portal.structured.pages import PageData
from oda_portal.structured.pictures.registry import Card, Pictured, picture_of, register

from .models import Call, Opening


def register_pictures() -> None:
    register(Pictured(kind="call", rows=Call.objects.published, key="slug", card=_card))


def of_call(call: Call) -> PageData:
    """Reads the openings that the page has fetched. A call that is not open is no vacancy."""
    about = (_posting(call, list(call.openings.all())),) if call.is_open() else ()
    return PageData(about, picture_of("call", call), is_demonstration=call.is_demonstration)


def _posting(call: Call, openings: list[Opening]) -> Node:
    return node(
        "JobPosting",
        id="#call",
        title=said(call, "title"),
        description=_description(call, openings),
        inLanguage=language_of(call, "title"),
        employmentType="VOLUNTEER",
        datePosted=nodes.moment(call.opens_at),
        validThrough=nodes.moment(call.closes_at),
        hiringOrganization=nodes.the_office(),
        jobLocation=nodes.one_or_all(_places(openings)),
        totalJobOpenings=sum(opening.pool.capacity for opening in openings),
        jobStartDate=nodes.day(min((each.departs_on for each in openings), default=None)),
    )


def _description(call: Call, openings: list[Opening]) -> str:
    """The summary, what each team does and for whom, as the page says it."""
    parts = [said(call, "summary")]
    for opening in openings:
        city = opening.public_city
        where = said(city or opening.city.country, "name")
        parts.append(f"{opening.get_team_display()} ({where}): {said(opening, 'tasks')}")
        parts.append(said(opening, "requirement"))
    return "\n".join(filter(None, parts))


def _places(openings: list[Opening]) -> list[Node]:
    """Each once; of a city that is not public only its country."""
    places = [_place(opening) for opening in openings]
    return [place for number, place in enumerate(places) if place not in places[:number]]


def _place(opening: Opening) -> Node:
    city = opening.public_city
    return nodes.town(said(city, "name") if city else "", opening.city.country.code)


def _card(call: Call) -> Card:
    return Card(text_in(call, "title"), _("Calls for volunteers"), f"call-{call.slug}", "people")
