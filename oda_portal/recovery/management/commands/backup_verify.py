"""`backup_verify`: whether a backup is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oda_portal.recovery.errors import RecoveryError
from oda_portal.recovery.keys import add_key, read_key
from oda_portal.recovery.progress import Progress
from oda_portal.recovery.reading import verify


class Command(BaseCommand):
    help = "Read a backup from front to back and compare it with its own list. Changes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        add_key(parser)

    def handle(self, *args: Any, file: Path, key: str, **options: Any) -> None:
        progress = Progress(self.stdout)
        try:
            found = verify(file, read_key(key), progress.show)
        except RecoveryError as error:
            raise CommandError(str(error)) from error
        rows = sum(figure.rows for figure in found.tables.values())
        progress.say(
            f"Whole: {found.about['made_at']}, {found.about['database']} {found.about['server']},"
            f" {len(found.tables)} tables with {rows:,} rows, {len(found.files)} files."
        )
