"""One public page of each kind that says of itself what it is, with all that can stand on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    AppearanceFactory,
    ArticleFactory,
    CallFactory,
    CityFactory,
    CountryFactory,
    FaqFactory,
    ForumFactory,
    ForumSessionFactory,
    NetworkMeetingFactory,
    OpeningFactory,
    OrganisationFactory,
    ProgramFactory,
    RoleFactory,
    RoomFactory,
    RunFactory,
    ServiceFactory,
    ThemeFactory,
)

QUOTED = {
    "title_ko": "‘물’ & “흙” <부산>",
    "title_en": "‘Water’ & “soil” <Busan>",
    "title_zh_hans": "“水”&“土”<釜山>",
}


def course() -> str:
    program = ProgramFactory(kind="training", venue_ko="시청", venue_en="Hall", **QUOTED)
    program.themes.add(ThemeFactory())
    RunFactory(program=program, mode="online")
    RoleFactory(program=program)
    RoleFactory(program=program, kind="funds")
    return program.get_absolute_url()


def village() -> str:
    program = ProgramFactory(kind="sister_village", place_ko="마을", place_en="Village")
    program.country_shares.create(country=CountryFactory())
    RoleFactory(program=program, kind="funds")
    return program.get_absolute_url()


def deployment() -> str:
    return ProgramFactory(kind="volunteer", **QUOTED).get_absolute_url()


def forum() -> str:
    found = ForumFactory(program__venue_ko="벡스코", program__venue_en="BEXCO")
    appearance = AppearanceFactory(session__forum=found, session__room=RoomFactory(forum=found))
    RoleFactory(program=found.program, kind="hosts")
    assert appearance.session.forum == found
    return found.get_absolute_url()


def session() -> str:
    found = ForumFactory()
    row = ForumSessionFactory(
        forum=found, room=RoomFactory(forum=found), abstract_ko="초록", abstract_en="Abstract"
    )
    AppearanceFactory(session=row)
    return row.get_absolute_url()


def call() -> str:
    found = CallFactory(**QUOTED)
    OpeningFactory(call=found)
    OpeningFactory(call=found, team="medical")
    return found.get_absolute_url()


def article() -> str:
    return ArticleFactory(byline_ko="홍보실", byline_en="Press office", **QUOTED).get_absolute_url()


def city() -> str:
    return CityFactory(native_name="Ulaanbaatar").get_absolute_url()


def organisation() -> str:
    parent = OrganisationFactory(kind="10")
    return OrganisationFactory(kind="11", parent=parent, abbreviation="BMG").get_absolute_url()


def meeting() -> str:
    now = timezone.now()
    row = NetworkMeetingFactory(
        starts_at=now, ends_at=now + timedelta(hours=2), place_ko="회의실", place_en="Room"
    )
    row.attending.add(OrganisationFactory())
    return row.get_absolute_url()


def service() -> str:
    return ServiceFactory(**QUOTED).get_absolute_url()


def questions() -> str:
    FaqFactory(answer_ko="<p>답 <b>하나</b></p>", answer_en="<p>One <b>answer</b> &amp; more</p>")
    return reverse("pages:faq_list")


# By name: what makes the page and gives its address, the type, and what it must have.
PAGES: dict[str, tuple[Callable[[], str], str, set[str]]] = {
    "course": (
        course, "Course",
        {"courseCode", "name", "description", "provider", "about", "hasCourseInstance"},
    ),
    "village": (village, "Project", {"name", "description", "areaServed", "funder", "location"}),
    "deployment": (deployment, "Project", {"name", "description", "foundingDate"}),
    "forum": (
        forum, "Event",
        {"name", "startDate", "endDate", "eventStatus", "location", "organizer", "image",
         "subEvent", "performer"},
    ),
    "session": (
        session, "Event",
        {"name", "startDate", "endDate", "eventStatus", "location", "superEvent", "performer"},
    ),
    "call": (
        call, "JobPosting",
        {"title", "description", "employmentType", "datePosted", "validThrough",
         "hiringOrganization", "jobLocation", "totalJobOpenings"},
    ),
    "article": (
        article, "NewsArticle",
        {"headline", "datePublished", "author", "publisher", "image", "inLanguage"},
    ),
    "city": (city, "City", {"name", "alternateName", "description", "geo", "containedInPlace"}),
    "organisation": (
        organisation, "GovernmentOrganization",
        {"name", "alternateName", "location", "parentOrganization"},
    ),
    "meeting": (
        meeting, "Event", {"name", "startDate", "endDate", "location", "organizer", "attendee"}
    ),
    "service": (service, "Service", {"name", "description", "provider", "serviceType"}),
    "questions": (questions, "FAQPage", {"mainEntity"}),
}  # fmt: skip


def texts(value: Any) -> list[str]:
    """Sentences of a node that stand on the page as they are."""
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    if not isinstance(value, dict):
        return []
    own = [value[name] for name in ("description", "text") if name in value]
    return [line for text in own for line in text.split("\n")] + [
        text for each in value.values() for text in texts(each)
    ]
