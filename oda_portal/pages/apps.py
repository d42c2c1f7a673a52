"""The office itself: its pages, services and departments, and what readers think of a page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "oda_portal.pages"
    label = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from . import publications  # the registry needs the models loaded

        publications.register()
