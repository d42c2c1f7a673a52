"""`backup`: database and files into one sealed file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from oda_portal.recovery import making
from oda_portal.recovery.errors import RecoveryError
from oda_portal.recovery.progress import Progress


class Command(BaseCommand):
    help = "Write database and files into one sealed file. The site goes on serving."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="default: BACKUP_DIR")
        parser.add_argument(
            "--rotate",
            action="store_true",
            help="then remove backups beyond BACKUP_KEEP_DAYS and BACKUP_KEEP_WEEKS",
        )

    def handle(self, *args: Any, folder: Path | None, rotate: bool, **options: Any) -> None:
        place = folder or (Path(settings.BACKUP_DIR) if settings.BACKUP_DIR else None)
        if place is None:
            raise CommandError("Say into which folder, or set BACKUP_DIR.")
        progress = Progress(self.stdout)
        try:
            made = making.back_up(place, progress.show)
        except RecoveryError as error:
            raise CommandError(str(error)) from error
        progress.say(f"Backup: {made} ({made.stat().st_size:,} bytes)")
        for path in making.rotate(place) if rotate else []:
            progress.say(f"Removed: {path}")
