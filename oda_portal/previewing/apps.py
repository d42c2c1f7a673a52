"""What an unsaved form would look like on the site, and forms that nobody loses."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PreviewingConfig(AppConfig):
    name = "oda_portal.previewing"
    label = "previewing"
    verbose_name = _("Previews and drafts")

    def ready(self) -> None:
        # The registry needs the models loaded.
        from . import privacy

        privacy.register_all()
