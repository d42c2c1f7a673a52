from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = _("Volunteers")

    def ready(self) -> None:
        # The registries need the models loaded.
        from . import (
            care,
            certificates,
            datasets,
            deciding,
            interview_mails,
            mails,
            occasions,
            offers,
            panels,
            privacy,
            publications,
            reviewing,
            search,
            structured,
        )
        from .readiness import mails as readiness_mails
        from .readiness import privacy as readiness_privacy
        from .service import privacy as service_privacy
        from .service import reports

        publications.register()
        datasets.register_all()
        care.register_all()
        mails.register()
        interview_mails.register()
        panels.register()
        privacy.register_all()
        readiness_mails.register()
        readiness_privacy.register_all()
        certificates.register()
        service_privacy.register_all()
        reports.register_sections()
        deciding.register()
        offers.register()
        reviewing.register()
        occasions.register_occasions()
        search.register_all()
        structured.register_pictures()
