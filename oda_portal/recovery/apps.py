from django.apps import AppConfig


class RecoveryConfig(AppConfig):
    name = "oda_portal.recovery"
    label = "recovery"

    def ready(self) -> None:
        # Registers what the start of the portal refuses.
        from . import checks, watch  # noqa: F401

        watch.register_check()
