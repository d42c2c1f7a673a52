"""What of cities and organisations can be found: by their names in any language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from oda_portal.search.places import Place, register_place
from oda_portal.search.registry import Content, Searched, every, own, register, together
from oda_portal.search.results import Kind

from .models import City, Country, Organisation


def register_all() -> None:
    register(
        Searched(
            model=City,
            kind=Kind.CITY,
            content=_city,
            public=City.objects.abroad().published,
            shown={Country: "country"},
        )
    )
    register(
        Searched(
            model=Organisation,
            kind=Kind.ORGANISATION,
            content=_organisation,
            public=Organisation.objects.published,
            shown={Country: "country"},
        )
    )
    for place in PLACES:
        register_place(place)


def _city(city: City, language: str) -> Content:
    return Content(
        title=own(city, "name", language),
        texts=[own(city, "intro", language)],
        names=together([*every(city, "name"), city.native_name]),
        beside=[
            *together([own(city.country, "name", language)]),
            str(city.get_relation_display()),
        ],
        countries=[city.country.code],
    )


def _organisation(body: Organisation, language: str) -> Content:
    return Content(
        title=own(body, "name", language),
        texts=[
            own(body, "about", language),
            own(body, "label", language) or str(body.get_kind_display()),
            own(body, "predecessors", language),
        ],
        names=[*every(body, "name"), body.abbreviation, *every(body, "legal_name")],
        beside=together([own(body.country, "name", language)]),
        countries=[body.country.code],
    )


PLACES = (
    Place(
        "partners:city_list",
        _("Partner cities"),
        ("자매도시", "우호협력도시", "도시 목록", "sister cities", "友好城市", "城市列表"),
    ),
    Place(
        "partners:organisation_list",
        _("Organisations"),
        ("협력 기관", "기관 목록", "partner organisations", "合作机构", "机构列表"),
    ),
    Place(
        "partners:agreement_list",
        _("Agreements"),
        ("업무협약", "양해각서", "MOU", "memorandum of understanding", "合作协议", "备忘录"),
    ),
    Place(
        "partners:activity_list",
        _("Partners’ activities"),
        ("협력 기관 활동", "IATI", "IATI activities", "open aid data", "合作机构的活动"),
    ),
    Place(
        "network_public:network",
        _("Working-level network"),
        ("부산 ODA 실무협의회", "실무 네트워크", "member organisations", "회원 기관", "成员机构"),
    ),
    Place(
        "network_public:role_matrix",
        _("Who does what"),
        ("기관별 역할", "역할표", "roles of organisations", "matrix", "机构分工"),
    ),
)
