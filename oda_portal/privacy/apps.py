"""Consents, looks at personal data, its destruction, and what a person may ask for."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "oda_portal.privacy"
    label = "privacy"
    verbose_name = _("Personal data")
