from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DrawingConfig(AppConfig):
    name = "oda_portal.drawing"
    label = "drawing"
    verbose_name = _("Drawings")
