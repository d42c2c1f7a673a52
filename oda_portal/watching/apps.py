"""What can be sick in the portal, counted, measured and shown."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WatchingConfig(AppConfig):
    name = "oda_portal.watching"
    label = "watching"
    verbose_name = _("System state")

    def ready(self) -> None:
        # The registries need the models loaded.
        from oda_portal.admin import remind
        from oda_portal.privacy.registry import except_from_rules

        from . import checks, reminders

        checks.register_all()
        remind(reminders.sick_parts)
        except_from_rules("watching.sign", "encrypted is one word of the portal’s own")
