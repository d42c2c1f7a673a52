"""What is public, when, and how fast everybody sees a change."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "oda_portal.publishing"
    label = "publishing"
    verbose_name = _("Publishing")

    def ready(self) -> None:
        # Models must be loaded before their signals are, and before the registries.
        from . import bulk, changes, collations, watch

        changes.connect()
        collations.connect()
        bulk.register_all()
        watch.register_check()
