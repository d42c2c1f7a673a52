"""The portal as a whole: what no app answers for alone."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "oda_portal"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (it registers what `check` asks)
