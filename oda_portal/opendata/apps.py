from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpenDataConfig(AppConfig):
    name = "oda_portal.opendata"
    label = "opendata"
    verbose_name = _("Open data")

    def ready(self) -> None:
        from .api import registering

        registering.register_all()
