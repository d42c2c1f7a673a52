"""`restore`: bring a backup back, database and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oda_portal.recovery import bringing_back
from oda_portal.recovery.errors import RecoveryError
from oda_portal.recovery.keys import add_key, read_key
from oda_portal.recovery.progress import Progress


class Command(BaseCommand):
    help = "Bring a backup back into an empty database. End web server, worker and timer before."
    # They ask tables that are not there yet.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        add_key(parser)
        parser.add_argument(
            "--replace", action="store_true", help="take away what is there, tables and files"
        )
        parser.add_argument(
            "--keys-lost",
            action="store_true",
            help="also when no key in FIELD_KEYS opens the backup's personal columns",
        )
        parser.add_argument(
            "--no-ledger",
            action="store_true",
            help="also when there is no ledger, since nothing was ever destroyed",
        )

    def handle(self, *args: Any, file: Path, key: str, **options: Any) -> None:
        progress = Progress(self.stdout)
        try:
            bringing_back.restore(
                file,
                read_key(key),
                replace=options["replace"],
                keys_lost=options["keys_lost"],
                no_ledger=options["no_ledger"],
                show=progress.show,
                say=progress.say,
            )
        except RecoveryError as error:
            raise CommandError(str(error)) from error
