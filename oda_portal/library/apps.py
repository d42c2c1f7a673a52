"""Pictures and documents that several pages use."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    name = "oda_portal.library"
    label = "library"
    verbose_name = _("Media library")

    def ready(self) -> None:
        # Registries need the models loaded.
        from oda_portal.desk.waiting import remind
        from oda_portal.files import downloads
        from oda_portal.privacy.registry import except_from_rules

        from . import models, reminders

        downloads.register_for_staff(models.Picture, "image")
        downloads.register_for_staff(models.Document, "file")
        downloads.register_for_staff(models.DocumentVersion, "file")
        except_from_rules(
            "library.documentversion", "staff write it; the name goes with the account"
        )
        for ask in reminders.asked():
            remind(ask)
