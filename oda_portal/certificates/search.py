"""Where a certificate is checked, by what readers call it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from oda_portal.search.places import Place, register_place


def register_all() -> None:
    register_place(
        Place(
            "certificates:certificate_find",
            _("Check a certificate"),
            (
                *(
                    "확인서 조회",
                    "증명서 조회",
                    "확인서 확인",
                    "봉사 확인서",
                    "수료증 확인",
                    "진위 확인",
                ),
                *("certificate check", "verify a certificate", "certificate verification"),
                *("证书查询", "查询证书", "证明书查询", "验证证书", "志愿服务证明"),
            ),
        )
    )
