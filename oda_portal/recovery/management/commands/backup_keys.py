"""`backup_keys`: the pair of keys that closes and opens backups."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from oda_portal.recovery.envelope import new_pair


class Command(BaseCommand):
    help = "Make a pair of keys for backups. Nothing is stored."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        pair = new_pair()
        self.stdout.write(
            "# Closes backups. The portal needs this one:\n"
            f"# BACKUP_KEY={pair.public}\n"
            "# Opens them. Keep this text in two safe places, and none of them on the server:\n"
            f"{pair.secret}"
        )
