from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StructuredConfig(AppConfig):
    name = "oda_portal.structured"
    label = "structured"
    verbose_name = _("What pages tell machines")
