"""What of the office's own pages can be found: services, fixed pages, questions."""

from __future__ import annotations

from oda_portal.search.registry import Content, Searched, in_lines, own, register
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
