"""Which models of this app public pages show, and which files they hold."""

from __future__ import annotations

from oda_portal.files import downloads
from oda_portal.library import uses
from oda_portal.publishing import changes
from programs.models import Program

from . import models


def register() -> None:
    changes.watch(
        models.Series,
        models.Forum,
        models.Room,
        models.ForumSession,
        models.SessionLanguage,
        models.Speaker,
        models.Appearance,
        models.Material,
        models.Correction,
    )
    changes.watch_times(
        models.Forum,
        "registration_opens_at",
        "registration_closes_at",
        "papers_open_at",
        "papers_close_at",
    )
    downloads.register(models.Material)
    # An edition's photos and documents are those of its programme.
    uses.edited_with(Program, edition_of)


def edition_of(program: Program) -> models.Forum | None:
    return getattr(program, "forum", None)
