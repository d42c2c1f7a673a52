from celery.signals import beat_init, worker_init
from django.apps import AppConfig


class RecoveryConfig(AppConfig):
    name = "oda_portal.recovery"
    label = "recovery"

    def ready(self) -> None:
        # Registers what the start of the portal refuses.
        from . import checks, watch

        watch.register_check()
        worker_init.connect(checks.refuse_to_start)
        beat_init.connect(checks.refuse_to_start)
