"""The demonstration: content from public facts."""

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "oda_portal.demo"
    label = "demo"
    verbose_name = _("Demonstration")

    def ready(self) -> None:
        from . import people  # the models must be loaded before it

        checks.register(people.check_demonstration, checks.Tags.security)
