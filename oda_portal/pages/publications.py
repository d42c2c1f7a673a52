"""Which models of this app public pages show."""

from django.utils.translation import gettext_lazy as _

from oda_portal.publishing import changes, effects
from oda_portal.publishing.models import Source

from .models import (
    Banner,
    Department,
    Faq,
    MenuEntry,
    Office,
    Page,
    PageVersion,
    Service,
    Strand,
)


def register() -> None:
    _say_where_shown()
    changes.watch(Source, Department, Office, Strand, Service, Page, PageVersion, Faq)
    changes.watch(Banner, MenuEntry)


def _say_where_shown() -> None:
    """Staff read it before they publish."""
    effects.shown_in(Page, _("Shown in the search, and in the menu or the footer if chosen."))
    effects.shown_in(Service, _("Shown in the list of services and in the search."))
    effects.shown_in(Faq, _("Shown among the questions and answers, and in the search."))
