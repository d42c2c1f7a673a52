"""What the office's own pages tell machines."""

from __future__ import annotations

from collections.abc import Iterable

from oda_portal.publishing.texts import text_in
from oda_portal.structured.nodes import Node, language_of, node, plain, said, the_office
from oda_portal.structured.pages import PageData
from oda_portal.structured.pictures.registry import Card, Pictured, picture_of, register

from .furniture import office
from .models import Faq, Page, Service


def register_pictures() -> None:
    register(
        Pictured(
            kind="service",
            rows=lambda: Service.objects.published().select_related("strand"),
            key="slug",
            card=_service_card,
        )
    )
    register(Pictured(kind="page", rows=Page.objects.published, key="slug", card=_page_card))


def of_service(service: Service) -> PageData:
    """A government's service only where the office is a government's, as it says of itself."""
    about = node(
        "GovernmentService" if office()["is_government"] else "Service",
        id="#service",
        name=said(service, "title"),
        description=said(service, "summary"),
        serviceType=said(service.strand, "title"),
        provider=the_office(),
    )
    return PageData((about,), picture_of("service", service))


def of_page(page: Page) -> PageData:
    return PageData(picture=picture_of("page", page))


def of_questions(rows: Iterable[Faq]) -> PageData:
    questions = [_question(row) for row in rows]
    if not questions:
        return PageData()
    return PageData((node("FAQPage", id="#questions", mainEntity=questions),))


def _question(faq: Faq) -> Node:
    answer = node("Answer", text=plain(said(faq, "answer")), inLanguage=language_of(faq, "answer"))
    return node("Question", name=said(faq, "question"), acceptedAnswer=answer)


def _service_card(service: Service) -> Card:
    strand = said(service.strand, "title")
    return Card(text_in(service, "title"), strand, service.cover_seed, service.palette)


def _page_card(page: Page) -> Card:
    return Card(text_in(page, "title"), "", f"page-{page.slug}", "ocean")
