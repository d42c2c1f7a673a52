"""What pages of programmes and of pictures tell machines: a course, a project, an image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from oda_portal.files.models import Rendition
from oda_portal.files.pictures import picture as picture_from
from oda_portal.languages import absolute
from oda_portal.library.licences import Licence
from oda_portal.publishing.texts import text_in
from oda_portal.structured import nodes
from oda_portal.structured.events import bounded, event
from oda_portal.structured.nodes import Node, language_of, node, said
from oda_portal.structured.pages import PageData
from oda_portal.structured.pictures.registry import Card, Pictured, picture_of, register

from .models import Program, Role, Run
from .models.program import Kind
from .pages import ProgramPage

MODES = {Run.Mode.IN_PERSON: "onsite", Run.Mode.ONLINE: "online", Run.Mode.HYBRID: "blended"}
DOING = (Role.Kind.IMPLEMENTS, Role.Kind.HOSTS, Role.Kind.CO_ORGANISES)


# Types 1 to 4 have pages of their own at the government's site for the licence.
KOGL = "https://www.kogl.or.kr/info/"


def register_pictures() -> None:
    register(Pictured(kind="programme", rows=_public, key="code", card=card_of))


def _public() -> QuerySet:
    return Program.objects.published().prefetch_related("themes")


def card_of(program: Program) -> Card:
    label = str(program.get_kind_display())
    return Card(text_in(program, "title"), label, program.cover_seed, program.palette)


def of_programme(page: ProgramPage) -> PageData:
    program = page.program
    about = _course(page) if program.kind == Kind.TRAINING else _project(program)
    picture = picture_of("programme", program)
    return PageData((about,), picture, is_demonstration=program.is_demonstration)


def _course(page: ProgramPage) -> Node:
    program = page.program
    return node(
        "Course",
        id="#course",
        courseCode=program.code,
        name=said(program, "title"),
        description=said(program, "summary"),
        inLanguage=language_of(program, "title"),
        provider=nodes.one_or_all(responsible(program)),
        about=[said(theme, "name") for theme in program.themes.all()],
        hasCourseInstance=bounded(_instance(program, run) for run in page.runs)
        or [_instance(program)],
    )


def _instance(program: Program, run: Run | None = None) -> Node:
    """One time that the course took place; of an estimated date a machine learns nothing."""
    dated = run if run and run.starts_on else program
    sure = not program.date_is_estimate
    return event(
        "CourseInstance",
        cancelled=program.cancelled_at is not None,
        announced=program.announced_only,
        venue=said(program, "venue"),
        name=said(program, "title"),
        starts=nodes.day(dated.starts_on, dated.precision) if sure else None,
        ends=nodes.day(dated.ends_on, dated.precision) if sure else None,
        courseMode=MODES.get(Run.Mode(run.mode)) if run else None,
        organizer=nodes.one_or_all(responsible(program)),
        funder=nodes.one_or_all(with_role(program, Role.Kind.FUNDS)),
    )


def _project(program: Program) -> Node:
    """A Sister Village, a deployment, consulting: schema.org's projects are organisations."""
    sure = not program.date_is_estimate
    return node(
        "Project",
        id="#project",
        identifier=program.code,
        name=said(program, "title"),
        description=said(program, "summary"),
        foundingDate=nodes.day(program.starts_on, program.precision) if sure else None,
        dissolutionDate=nodes.day(program.ends_on, program.precision) if sure else None,
        areaServed=nodes.countries(share.country for share in program.country_shares.all()),
        location=nodes.place(
            said(program, "place"), latitude=program.latitude, longitude=program.longitude
        ),
        funder=nodes.one_or_all(with_role(program, Role.Kind.FUNDS)),
        member=with_role(program, *DOING),
        parentOrganization=nodes.the_office() if program.ours else None,
    )


def of_photo(
    photo: Any, renditions: Mapping[int, list[Rendition]], *, is_demonstration: bool = False
) -> PageData:
    """The page of one picture, of a programme or of news; a drawn pattern is no picture."""
    shown = picture_from(renditions.get(photo.pk, ()))
    if shown is None:
        return PageData(is_demonstration=is_demonstration)
    about = node(
        "ImageObject",
        id="#picture",
        caption=said(photo, "caption"),
        inLanguage=language_of(photo, "caption"),
        contentUrl=absolute(shown.src),
        width=shown.width,
        height=shown.height,
        encodingFormat="image/jpeg",
        creditText=photo.credit,
        license=_terms(photo.licence),
    )
    return PageData((about,), is_demonstration=is_demonstration)


def _terms(licence: int) -> str:
    return f"{KOGL}license.do" if licence == Licence.TYPE_0 else f"{KOGL}licenseType{licence}.do"


def responsible(program: Program) -> list[Node]:
    """Who carries it out; where nobody is named, the office for what is its own."""
    found = with_role(program, *DOING)
    return found or ([nodes.the_office()] if program.ours else [])


def with_role(program: Program, *kinds: str) -> list[Node]:
    """Organisations of the page in one of these roles, each once; reads what is fetched."""
    held = {
        role.organisation_id: role.organisation
        for role in program.roles.all()
        if role.kind in kinds
    }
    return [nodes.organisation(row) for row in held.values()]
