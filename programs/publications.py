"""Which models of this app public pages show, and which files they hold."""

from oda_portal.files import downloads, renditions
from oda_portal.privacy.registry import except_from_rules
from oda_portal.publishing import changes
from partners import references

from . import models
from .models.reporting import names_identifiers


def register() -> None:
    shown = [getattr(models, name) for name in models.__all__ if not name.endswith("QuerySet")]
    changes.watch(*shown)
    downloads.register(models.Document)
    renditions.register(models.Photo, owner="program")
    references.keep(names_identifiers)
    # Who answered for what is reported stays with it, as an act of the office.
    except_from_rules("programs.confirmation", "staff write it; the name goes with the account")
