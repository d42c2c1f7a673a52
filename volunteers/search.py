"""What of calls for volunteers can be found."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
    for place in PLACES:
        register_place(place)


def _call(call: Call, language: str) -> Content:
    openings = call.openings.all()
    cities = [opening.city for opening in openings]
    places = [city for city in cities if city.is_public()] + [city.country for city in cities]
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

PLACES = (
    Place(
        "volunteers:application_list",
        _("My applications"),
        (
            *("내 지원서", "지원 현황", "지원서 조회", "접수 확인", "신청 내역", "합격 조회"),
            *("my application", "application status", "application result"),
            *("我的报名", "申请进度", "申请查询", "报名结果"),
        ),
    ),
    Place(
        "volunteers:call_list",
        _("Calls for volunteers"),
        (
            *("모집", "봉사단 모집", "봉사단 지원", "봉사 신청", "지원하기", "모집 일정"),
            *("apply", "apply to volunteer", "become a volunteer", "recruitment", "open calls"),
            *("招募", "志愿者招募", "报名", "申请志愿者"),
        ),
    ),
    Place(
        "volunteers:round_list",
        _("Past deployments"),
        ("지난 봉사단", "파견 이력", "지난 기수", "previous teams", "派遣记录"),
    ),
)
