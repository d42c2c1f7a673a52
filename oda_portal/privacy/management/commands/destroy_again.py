"""`destroy_again`: after a restore, destroy once more what was destroyed since the backup."""

from typing import Any

from django.core.management.base import BaseCommand

from oda_portal.privacy.destruction import destroy_again


class Command(BaseCommand):
    help = (
        "Replay the ledger of destroyed records. Run it after a restore, before opening the site."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{destroy_again()} records destroyed again.")
