"""Lists of the back office as XLSX and CSV, out and in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SpreadsheetsConfig(AppConfig):
    name = "oda_portal.spreadsheets"
    label = "spreadsheets"
    verbose_name = _("Spreadsheets")

    def ready(self) -> None:
        # The registries need the models loaded.
        from . import kinds
        from .importing import privacy, work

        kinds.register_all()
        work.register_all()
        privacy.register_all()
