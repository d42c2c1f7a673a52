from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = _("Volunteers")

    def ready(self) -> None:
        # The registries need the models loaded.
        from . import mails, panels, privacy, publications

        publications.register()
        mails.register()
        panels.register()
        privacy.register_all()
