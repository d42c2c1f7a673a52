"""The two places with files, and what stands beside them."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from oda_portal.files.storages import Store, private_storage, public_storage


def rooms() -> dict[str, Store]:
    """By the name that they have in a backup."""
    return {"private": private_storage(), "media": public_storage()}


def on_this_machine() -> list[Path]:
    """Folders of files that backups hold, as they are named even where a bucket has the files."""
    return [Path(settings.PRIVATE_ROOT), Path(settings.MEDIA_ROOT)]


def mark_of_restore() -> Path:
    """There while a database is back and not all has followed; beside the ledger, which no
    backup replaces.
    """
    return Path(settings.LEDGER_FILE).with_name("bringing-back")
