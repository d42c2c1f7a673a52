"""The registries that proposals fill, called by the app when it is ready."""

from __future__ import annotations

from oda_portal.admin import remind

from . import mails, panels, privacy, reminders


def register_all() -> None:
    mails.register_all()
    panels.register()
    privacy.register_all()
    remind(reminders.waiting_proposals)
