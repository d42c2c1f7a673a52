"""What of the office's own pages can be found: services, fixed pages, questions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from oda_portal.publishing.texts import in_lines
from oda_portal.search.places import Place, register_place
from oda_portal.search.registry import Content, Searched, own, register
from oda_portal.search.results import Kind

from .models import Faq, Page, Service, Strand


def register_all() -> None:
    register(
        Searched(
            model=Service,
            kind=Kind.SERVICE,
            content=_service,
            public=Service.objects.published,
            shown={Strand: "strand"},
        )
    )
    register(Searched(Page, Kind.PAGE, _page, Page.objects.published))
    register(Searched(Faq, Kind.QUESTION, _question, Faq.objects.published))
    for place in PLACES:
        register_place(place)


def _service(service: Service, language: str) -> Content:
    fields = ("summary", "aim", "activities", "fields_covered")
    return Content(
        title=own(service, "title", language),
        texts=[
            *(own(service, field, language) for field in fields),
            in_lines(own(service, "body", language)),
        ],
        beside=[own(service.strand, "title", language)],
    )


def _page(page: Page, language: str) -> Content:
    return Content(
        title=own(page, "title", language),
        texts=[in_lines(own(page, "body", language))],
    )


def _question(faq: Faq, language: str) -> Content:
    return Content(
        title=own(faq, "question", language),
        texts=[in_lines(own(faq, "answer", language))],
    )


PLACES = (
    Place(
        "pages:contact",
        _("Contact us"),
        (
            *("문의", "연락처", "전화번호", "담당자 연락처", "질문하기", "상담"),
            *("contact", "telephone", "phone number", "email address", "enquiry", "inquiry"),
            *("ask a question", "联系方式", "联系电话", "咨询", "提问"),
        ),
    ),
    Place(
        "pages:faq_list",
        _("Frequently asked questions"),
        (
            "자주 하는 질문",
            "묻고 답하기",
            "질문과 답변",
            "FAQ",
            "Q&A",
            "questions",
            "常见问答",
            "问答",
        ),
    ),
    Place(
        "pages:site_map",
        _("Site map"),
        ("사이트맵", "홈페이지 지도", "전체 메뉴", "sitemap", "all pages", "站点地图", "全部栏目"),
    ),
    Place(
        "pages:display",
        _("Display settings"),
        (
            "글자 크기",
            "화면 설정",
            "고대비",
            "large print",
            "text size",
            "contrast",
            "字号",
            "高对比度",
        ),
    ),
    Place("pages:source_list", _("Sources"), ("자료 출처", "references", "数据来源")),
    Place("pages:service_list", _("What we do"), ("하는 일", "주요 업무", "services", "业务介绍")),
)
