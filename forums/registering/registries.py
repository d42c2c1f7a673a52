"""What this package tells the registries of the portal, once the models are loaded."""

from . import mails, offers, panels, privacy


def register_all() -> None:
    mails.register()
    offers.register()
    panels.register()
    privacy.register_all()
