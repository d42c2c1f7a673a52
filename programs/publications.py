"""Which models of this app public pages show, and which files they hold."""

from django.utils.translation import gettext_lazy as _

from oda_portal.files import downloads, renditions
from oda_portal.library import uses
from oda_portal.privacy.registry import except_from_rules
from oda_portal.publishing import changes, effects
from partners import references

from . import models
from .models.reporting import names_identifiers


def register() -> None:
    _say_where_shown()
    shown = [getattr(models, name) for name in models.__all__ if not name.endswith("QuerySet")]
    changes.watch(*shown)
    downloads.register(models.Document)
    renditions.register(models.Photo, owner="program")
    uses.register(
        models.Photo,
        "image",
        owner="program",
        texts=("alt", "caption"),
        facts=("licence", "credit"),
    )
    uses.register(models.Document, "file", owner="program", texts=("title",), facts=("language",))
    references.keep(names_identifiers)
    # Who answered for what is reported stays with it, as an act of the office.
    except_from_rules("programs.confirmation", "staff write it; the name goes with the account")


def _say_where_shown() -> None:
    """Staff read it before they publish."""
    effects.shown_in(
        models.Program,
        _(
            "Shown in the list of programmes, on the map, in the search and the open data; a"
            " programme of ours is counted among the figures."
        ),
    )
