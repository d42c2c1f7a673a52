"""Who moved what from which state to which."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "oda_portal.audit"
    label = "audit"
    verbose_name = _("Audit trail")
