"""Which records of this app are looked after, and where their addresses lead."""

from __future__ import annotations

from datetime import timedelta

from oda_portal.care import links
from oda_portal.care.registry import Cared, Part, register

from .models import Faq, Page, PageVersion, Service


def register_all() -> None:
    links.leads_to("pages:service_detail", Service, slug="slug")
    links.leads_to("pages:page_detail", Page, slug="slug")
    register(Cared(Page, parts=(Part(PageVersion, "page", "earlier_versions"),)))
    register(Cared(Service, wanted=("summary",)))
    # Answers grow old sooner: people act on them.
    register(Cared(Faq, revise_after=timedelta(days=180)))
