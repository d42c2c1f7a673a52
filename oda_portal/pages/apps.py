"""The office itself: its pages, services and departments, and what readers think of a page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "oda_portal.pages"
    label = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from oda_portal.admin import remind

        # The registries need the models loaded.
        from . import care, datasets, imports, publications, search, structured
        from .inquiring import mails, privacy, reminders

        publications.register()
        datasets.register_all()
        care.register_all()
        search.register_all()
        structured.register_pictures()
        mails.register_all()
        imports.register_all()
        privacy.register_all()
        remind(reminders.waiting_inquiries)
