"""What waits for staff, what went on and what is to come: the first page of the back office."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "oda_portal.desk"
    label = "desk"
    verbose_name = _("Start page")

    def ready(self) -> None:
        # What is registered there needs the models loaded.
        from . import planned, publication

        planned.register(publication.planned_publication)
