"""What `prepare` and `check` refuse to start without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from .errors import RecoveryError
from .folders import mark_of_restore, on_this_machine
from .making import recipients

CUT_OFF = (
    "Bringing a backup back was cut off before its end. Run `restore` with --replace again before"
    " anything else starts."
)


@register(Tags.security)
def check_backups(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Backups have a key that closes them; they, and the ledger, lie outside of the files."""
    found: list[CheckMessage] = []
    if settings.BACKUP_KEY or settings.BACKUP_DIR:
        try:
            recipients()
        except RecoveryError as error:
            found.append(Error(str(error), obj=settings, id="recovery.E001"))
    if settings.BACKUP_DIR and _is_inside(Path(settings.BACKUP_DIR)):
        found.append(
            Error(
                "BACKUP_DIR lies inside MEDIA_ROOT or PRIVATE_ROOT: each backup would hold all"
                " those before it.",
                obj=settings,
                id="recovery.E002",
            )
        )
    if _is_inside(Path(settings.LEDGER_FILE)):
        found.append(
            Error(
                "LEDGER_FILE lies inside MEDIA_ROOT or PRIVATE_ROOT: a backup that is brought back"
                " would put an older one in its place, and destroyed people with it.",
                obj=settings,
                id="recovery.E003",
            )
        )
    return found


@register(Tags.security)
def check_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """No site opens with people in it who were destroyed, and mails that would go out again."""
    if not mark_of_restore().exists():
        return []
    return [Error(CUT_OFF, obj=settings, id="recovery.E004")]


def refuse_to_start(**_of_the_signal: Any) -> None:
    """For web server, worker and timer, which nobody asks for checks. Raises SystemExit."""
    if mark_of_restore().exists():
        raise SystemExit(CUT_OFF)


def _is_inside(place: Path) -> bool:
    return any(place.resolve().is_relative_to(root.resolve()) for root in on_this_machine())
