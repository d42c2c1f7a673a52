"""The office itself: its pages, services and departments, and what readers think of a page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "oda_portal.pages"
    label = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from oda_portal.admin import remind

        from . import publications, search  # the registries need the models loaded
        from .inquiring import mails, privacy, reminders

        publications.register()
        search.register_all()
        mails.register_all()
        privacy.register_all()
        remind(reminders.waiting_inquiries)
