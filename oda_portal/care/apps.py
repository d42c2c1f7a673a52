"""What the content lacks, found by the worker each night and told on the record and as a report."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    name = "oda_portal.care"
    label = "care"
    verbose_name = _("Content care")

    def ready(self) -> None:
        from oda_portal.admin import remind
        from oda_portal.privacy.registry import except_from_rules
        from oda_portal.publishing import changes

        # What looks after records needs the models loaded.
        from . import keeping, reminders

        changes.follow(keeping.take_in)
        remind(reminders.findings)
        except_from_rules(
            "care.finding", "tells of a text; who called it fine goes with the account"
        )
