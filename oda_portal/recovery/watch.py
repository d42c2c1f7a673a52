"""Whether the nightly backup came."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.watching import signs
from oda_portal.watching.registry import Check, Figure, Found, State, by_age, register, since

from .folder import age

# Once a night, and a second one that failed.
LATE = timedelta(hours=26)
SICK = timedelta(hours=50)


def ask_backup() -> Found:
    """By the newest file; before there is one, by how long the site has been running."""
    if not settings.BACKUP_DIR:
        return Found(State.OK, _("BACKUP_DIR is not set: the portal makes no backups."))
    newest = age()
    if newest is not None:
        state = by_age(newest, late=LATE, sick=SICK)
        figures = {"oda_backup_seconds": newest.total_seconds()}
        return Found(state, "", since(newest) if state != State.OK else None, figures)
    began = signs.began()
    is_new = began is None or timezone.now() - began < LATE
    return Found(State.UNKNOWN if is_new else State.SICK, _("There is no backup yet."))


def register_check() -> None:
    register(
        Check(
            "backup",
            pgettext_lazy("system state", "Backup"),
            _("See why the nightly backup did not come: the log of the worker says it."),
            ask_backup,
            (Figure("oda_backup_seconds", "Age of the newest backup"),),
        )
    )
