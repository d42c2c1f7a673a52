"""What pages of cities, organisations and meetings tell machines."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from oda_portal.publishing.texts import text_in
from oda_portal.structured import nodes
from oda_portal.structured.events import bounded, event
from oda_portal.structured.nodes import Node, language_of, node, said
from oda_portal.structured.pages import PageData
from oda_portal.structured.pictures.registry import Card, Pictured, picture_of, register

from .models import City, NetworkMeeting, Organisation

Kind = Organisation.Kind
# schema.org's types by IATI's; the others are organisations and no more.
TYPES = {
    Kind.GOVERNMENT: "GovernmentOrganization",
    Kind.LOCAL_GOVERNMENT: "GovernmentOrganization",
    Kind.INTERNATIONAL_NGO: "NGO",
    Kind.NATIONAL_NGO: "NGO",
    Kind.REGIONAL_NGO: "NGO",
    Kind.PARTNER_NGO: "NGO",
    Kind.ACADEMIC: "EducationalOrganization",
}


def register_pictures() -> None:
    register(Pictured(kind="city", rows=_cities, key="slug", card=_city_card))
    register(
        Pictured(
            kind="organisation",
            rows=Organisation.objects.published,
            key="slug",
            card=_organisation_card,
        )
    )
    register(
        Pictured(
            kind="meeting", rows=NetworkMeeting.objects.published, key="slug", card=_meeting_card
        )
    )


def _cities() -> QuerySet:
    return City.objects.published().abroad().select_related("country")


def of_city(city: City) -> PageData:
    about = node(
        "City",
        id="#city",
        name=said(city, "name"),
        alternateName=city.native_name,
        description=said(city, "intro"),
        geo=nodes.point(city.latitude, city.longitude),
        containedInPlace=nodes.one_or_all(nodes.countries([city.country])),
    )
    return PageData((about,), picture_of("city", city))


def of_organisation(organisation: Organisation) -> PageData:
    parent = organisation.parent
    about = node(
        TYPES.get(Kind(organisation.kind), "Organization"),
        id="#organisation",
        name=said(organisation, "name"),
        alternateName=organisation.abbreviation,
        legalName=said(organisation, "legal_name"),
        description=said(organisation, "about"),
        sameAs=organisation.url,
        identifier=_registered(organisation),
        location=nodes.one_or_all(nodes.countries([organisation.country])),
        parentOrganization=nodes.organisation(parent) if parent and parent.is_public() else None,
    )
    return PageData((about,), picture_of("organisation", organisation))


def _registered(organisation: Organisation) -> Node | None:
    """Under which number it is registered, in the words of IATI."""
    if not organisation.org_ref:
        return None
    return node("PropertyValue", propertyID="org-id", value=organisation.org_ref)


def of_meeting(meeting: NetworkMeeting, attending: Iterable[Organisation]) -> PageData:
    """What everybody may read of it; of who came only the organisations that the page names."""
    picture = picture_of("meeting", meeting)
    about = event(
        cancelled=meeting.cancelled_at is not None,
        venue=said(meeting, "place"),
        id="#meeting",
        name=said(meeting, "title"),
        inLanguage=language_of(meeting, "title"),
        starts=nodes.moment(meeting.starts_at),
        ends=nodes.moment(meeting.ends_at),
        organizer=nodes.the_office(),
        attendee=bounded(nodes.organisation(row) for row in attending),
    )
    return PageData((about,), picture)


def _city_card(city: City) -> Card:
    label = f"{city.get_relation_display()} · {said(city.country, 'name')}"
    return Card(text_in(city, "name"), label, f"city-{city.slug}", "city")


def _organisation_card(organisation: Organisation) -> Card:
    label = said(organisation, "label") or str(organisation.get_kind_display())
    return Card(text_in(organisation, "name"), label, f"organisation-{organisation.slug}", "people")


def _meeting_card(meeting: NetworkMeeting) -> Card:
    day = nodes.day_in_words(meeting.starts_at)
    return Card(text_in(meeting, "title"), day, f"meeting-{meeting.slug}", "people")
