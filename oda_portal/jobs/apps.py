"""Work on many records in the background, with progress, a report and an end at any time."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "oda_portal.jobs"
    label = "jobs"
    verbose_name = _("Long-running work")

    def ready(self) -> None:
        # The registries need the models loaded.
        from oda_portal.admin import remind

        from . import privacy, reminders, watch

        privacy.register_all()
        watch.register_check()
        remind(reminders.failed_jobs)
