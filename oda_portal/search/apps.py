from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "oda_portal.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from oda_portal.publishing import changes

        from . import indexing  # models must be loaded

        changes.follow(indexing.take_in)
