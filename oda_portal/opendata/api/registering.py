"""What the API itself puts into the registries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from oda_portal.opendata.iati import codes
from oda_portal.search.places import Place, register_place

from .codes import of_choices, register_codes

GOALS = "UNSDG-Goals"


def register_all() -> None:
    register_codes(
        of_choices("sdg-goals", _("Sustainable Development Goals (SDG)"), codes.choices(GOALS))
    )
    register_place(
        Place(
            "api_docs",
            _("Open data API"),
            (
                *("오픈 API", "공개데이터 API", "개발자", "데이터 내려받기"),
                *("API", "developers", "JSON", "OpenAPI", "open data API"),
                *("开放数据接口", "接口", "开发者", "数据接口"),
            ),
        )
    )
