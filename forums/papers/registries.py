"""What this package tells the rest of the portal about itself."""

from . import deciding, mails, panels, privacy, reviewing


def register_all() -> None:
    mails.register()
    panels.register()
    privacy.register_all()
    deciding.register()
    reviewing.register()
