"""Which models of this app public pages show."""

from oda_portal.publishing import changes
from oda_portal.publishing.models import Source

from .models import Department, Faq, Office, Page, PageVersion, Service, Strand


def register() -> None:
    changes.watch(Source, Department, Office, Strand, Service, Page, PageVersion, Faq)
