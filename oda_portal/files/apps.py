"""Uploads: checked, re-encoded, kept out of the public folder, given out by permission."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "oda_portal.files"
    label = "files"
    verbose_name = _("Files")

    def ready(self) -> None:
        from oda_portal.publishing import changes  # models must be loaded before they are watched

        from . import bucket_checks, watch  # noqa: F401  (registers what `check` asks)
        from .models import Rendition

        watch.register_check()
        # A page shows a picture as soon as there is a rendition of it.
        changes.watch(Rendition)
