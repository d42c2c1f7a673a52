"""Which models of this app public pages show, and which files they hold."""

from oda_portal.files import downloads, renditions
from oda_portal.publishing import changes

from . import models


def register() -> None:
    shown = [getattr(models, name) for name in models.__all__ if not name.endswith("QuerySet")]
    changes.watch(*shown)
    downloads.register(models.Document)
    renditions.register(models.Photo, owner="program")
