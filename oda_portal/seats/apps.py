"""Capacity and waiting lists: never more people than places."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SeatsConfig(AppConfig):
    name = "oda_portal.seats"
    label = "seats"
    verbose_name = _("Seats")
