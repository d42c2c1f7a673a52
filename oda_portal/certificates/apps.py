from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "oda_portal.certificates"
    label = "certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        # The registries need the models loaded.
        from . import mails, panels, privacy, search

        mails.register()
        panels.register()
        privacy.register_all()
        search.register_all()
