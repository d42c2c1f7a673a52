"""Consents, looks at personal data, its destruction, and what a person may ask for."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "oda_portal.privacy"
    label = "privacy"
    verbose_name = _("Personal data")

    def ready(self) -> None:
        from oda_portal.admin import remind

        from . import (
            checks,  # noqa: F401  (registers them)
            mails,
            own,
            own_panels,
            reminders,
            watch,
        )

        mails.register_all()
        own.register_all()
        own_panels.register()
        watch.register_checks()
        remind(reminders.waiting_requests)
        remind(reminders.holds_that_end)
        remind(reminders.people_not_told)
