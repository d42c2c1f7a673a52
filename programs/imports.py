"""What of this app can be filled from a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from oda_portal.accounts.areas import lead
from oda_portal.spreadsheets.importing.names import Named, register_names
from oda_portal.spreadsheets.importing.registry import Importable, register

from . import corrections
from .models import ParticipantGroup, Program, Run, Sector, Session, Theme
from .models.program import RESERVED_CODES


def register_all() -> None:
    register_names(Run, _runs)
    for importable in IMPORTABLES:
        register(importable)
    # They have no admin of their own that says it.
    for model in (ParticipantGroup, Session):
        lead(model, "run__program__kind")


def _runs() -> Iterator[Named]:
    """A run is its programme with its number: health-training-2024/1."""
    rows = Run.objects.order_by("pk").values_list("pk", "program__code", "number")
    for pk, code, number in rows.iterator(chunk_size=2000):
        yield Named(pk, f"{code}/{number}", (f"{code}/{number}",))


def is_closed(row: Any, lock: bool) -> str:
    """What is closed changes only with a correction that everybody can read."""
    owners = [row]
    for name in ("run", "program"):
        owner = getattr(owners[-1], name, None)
        if owner is not None:
            owners.append(owner)
    if any(owner.pk and corrections.keepers_of(owner, lock=lock) for owner in owners):
        return _("This is closed. It can only be changed with a correction, on the record itself.")
    return ""


IMPORTABLES = (
    Importable(
        Program,
        columns=(
            "code", "kind", "arrangement", "modality", "ours", "title", "summary", "body",
            "starts_on", "ends_on", "precision", "date_is_estimate", "announced_only",
            "closed_on", "follow_up_until", "edition", "cities", "countries_total",
            "village", "venue", "place", "latitude", "longitude", "themes", "sources",
            "editor_note", "department",
        ),
        key=("code",),
        named_by="title",
        twins=("title", "starts_on"),
        reserved=RESERVED_CODES,
        refuse=is_closed,
    ),
    Importable(
        Run,
        columns=(
            "program", "number", "starts_on", "ends_on", "precision", "mode", "note", "sources",
        ),
        key=("program", "number"),
        named_by="",
        twins=("program", "number"),
        refuse=is_closed,
    ),
    Importable(
        ParticipantGroup,
        columns=("run", "country", "women", "men", "total", "about", "label"),
        key=("id",),
        named_by="label",
        twins=("run", "country", "total", "label"),
        refuse=is_closed,
        listed_at=Run,
    ),
    Importable(
        Session,
        columns=(
            "run", "kind", "title", "starts_at", "place", "led_by", "country", "position",
        ),
        key=("id",),
        named_by="title",
        twins=("run", "starts_at", "title"),
        refuse=is_closed,
        listed_at=Run,
    ),
    Importable(
        Theme,
        columns=("slug", "name", "palette", "position"),
        key=("slug",),
        named_by="name",
        twins=("name",),
    ),
    Importable(
        Sector,
        columns=("code", "name"),
        key=("code",),
        named_by="name",
        twins=("name",),
    ),
)  # fmt: skip
