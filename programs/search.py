"""What of programmes and their documents can be found."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.publishing.texts import in_lines
from oda_portal.search.places import Place, register_place
from oda_portal.search.registry import (
    Content,
    Searched,
    own,
    register,
    together,
    years_of,
)
from oda_portal.search.results import Kind as Found
from partners.models import City, Country, Organisation

from .models import (
    CountryShare,
    Document,
    Milestone,
    Photo,
    Program,
    Role,
    Session,
    Theme,
    Work,
)
from .models.program import Kind


def register_all() -> None:
    register(
        Searched(
            model=Program,
            kind=Found.PROGRAM,
            content=_program,
            public=Program.objects.published,
            shown={
                City: "cities",
                CountryShare: "country_shares",
                Country: "country_shares__country",
                Theme: "themes",
                Role: "roles",
                Organisation: "roles__organisation",
                Session: "runs__sessions",
                Work: "works",
                Milestone: "milestones",
                Photo: "photos",
            },
        )
    )
    register(
        Searched(
            model=Document,
            kind=Found.DOCUMENT,
            content=_document,
            public=Document.objects.published,
            shown={Program: "program"},
            has_languages=False,
        )
    )
    for place in PLACES:
        register_place(place)


def _program(program: Program, language: str) -> Content:
    countries = [share.country for share in program.country_shares.all()]
    cities = [city for city in program.cities.all() if city.is_public()]
    parties = [role.organisation for role in program.roles.all()]
    bodies = [body for body in parties if body.is_public()]
    return Content(
        kind=Found.FORUM if program.kind == Kind.FORUM else Found.PROGRAM,
        title=own(program, "title", language),
        texts=[
            own(program, "summary", language),
            in_lines(own(program, "body", language)),
            own(program, "venue", language),
            own(program, "place", language),
            *_story(program, language),
        ],
        beside=[
            str(program.get_kind_display()),
            *together(own(row, "name", language) for row in [*countries, *cities]),
            *(own(row, "name", language) for row in [*program.themes.all(), *bodies]),
            *(body.abbreviation for body in bodies),
        ],
        date=program.starts_on,
        precision=program.precision,
        years=years_of(program.starts_on, program.ends_on),
        countries=[country.code for country in countries],
    )


def _story(program: Program, language: str) -> list[str]:
    """What stands further down on its page."""
    told = {
        "milestones": ("title", "text"),
        "works": ("name", "done"),
        "photos": ("caption",),
    }
    rows = [(row, fields) for way, fields in told.items() for row in getattr(program, way).all()]
    rows += [(row, ("title",)) for run in program.runs.all() for row in run.sessions.all()]
    return [own(row, field, language) for row, fields in rows for field in fields]


def _document(document: Document, language: str) -> Content:
    program, day = document.program, timezone.localdate(document.added_at)
    return Content(
        title=own(document, "title", language),
        texts=[own(program, "title", language)] if own(document, "title", language) else [],
        date=day,
        years=[day.year],
    )


PLACES = (
    Place(
        "programs:program_list",
        _("All programmes"),
        ("사업 목록", "사업 현황", "list of programmes", "programs", "projects", "项目列表"),
    ),
    Place(
        "programs:map_page",
        _("Programme map"),
        ("사업 지도", "세계 지도", "map of programmes", "world map", "项目地图", "世界地图"),
    ),
    Place(
        "programs:figures",
        pgettext_lazy("page", "Figures"),
        ("통계", "현황", "실적", "연수생 수", "statistics", "numbers", "统计", "数据"),
    ),
    Place(
        "iati:iati_index",
        _("IATI data"),
        ("국제원조투명성기구", "원조 투명성", "aid transparency", "国际援助透明度倡议"),
    ),
    Place(
        "programs:partner_program_list",
        _("Partners’ own programmes"),
        ("협력 기관 사업", "协作机构项目"),
    ),
)
