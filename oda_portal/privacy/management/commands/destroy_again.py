"""`destroy_again`: after a restore, destroy once more what was destroyed since the backup."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from oda_portal.privacy import ledger
from oda_portal.privacy.destruction import destroy_again


class Command(BaseCommand):
    help = (
        "Replay the ledger of destroyed records. Run it after a restore, before opening the site."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not ledger.has_file():
            raise CommandError(
                f"There is no ledger of what was destroyed at {settings.LEDGER_FILE}. Put the"
                " newest copy of it there before the site opens; only where nothing was ever"
                " destroyed is there nothing to do."
            )
        self.stdout.write(f"{destroy_again()} records destroyed again.")
