"""Drawings for the media library, and for captions whose photographs nobody has: pictures.yaml.

Each is made from its file in `drawings/` once. What staff then change stays, what they delete
stays away.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import translation

from oda_portal.files import renditions
from oda_portal.library import actions
from oda_portal.library.licences import Licence
from oda_portal.library.models import Picture
from programs.models import Photo

from .files import FOLDER, Files
from .models import LoadedRecord
from .reading import Record

DRAWINGS = FOLDER / "drawings"
DETAILS = actions.Details(licence=Licence.TYPE_0, credit="Demonstration drawing")
# A point of the sheet is a pixel of the picture.
PIXELS_AN_INCH = 72.0


def hang_pictures(folder: Path = FOLDER) -> int:
    """Put those into the library that were never there, and show them; how many."""
    facts = Files(folder).records("pictures", "pictures")
    with translation.override("ko"):  # of the columns without a language
        return sum(_hang(fact) for fact in facts)


@transaction.atomic
def _hang(fact: Record) -> bool:
    if _loaded(Picture).filter(key=fact.name).exists():
        return False
    picture: Any = _in_library(fact)
    LoadedRecord.objects.create(
        model=Picture._meta.label_lower, key=fact.name, object_id=picture.pk
    )
    keys = [f"gallery/{order}" for order in fact.words("shown_as")]
    rows = _loaded(Photo).filter(key__in=keys).values("object_id")
    photos = list(Photo.objects.select_for_update().filter(pk__in=rows, image="", credit=""))
    for photo in photos:
        photo.image = picture.image.name
        photo.licence, photo.credit = picture.licence, picture.credit
        _write(photo, fact.text("alt"))
    renditions.refresh(*photos)
    return True


def _loaded(model: Any) -> Any:
    return LoadedRecord.objects.filter(model=model._meta.label_lower)


def _in_library(fact: Record) -> Picture:
    """The drawing as a picture of the library; the one that is there, if somebody sent the same."""
    upload = SimpleUploadedFile(f"{fact.name}.png", drawn(fact.name), "image/png")
    taken: Any = actions.take(upload, details=DETAILS, by=None)
    if taken.is_new:
        name = {"name": fact.need("name")}
        _write(taken.row, name | fact.text("alt") | fact.text("caption"))
    return taken.row


def _write(row: Any, values: dict[str, str]) -> None:
    for column, value in values.items():
        setattr(row, column, value)
    row.save()


def drawn(name: str) -> bytes:
    """A drawing as PNG."""
    made = typst.compile(
        str(DRAWINGS / "drawing.typ"),
        root=str(DRAWINGS),
        format="png",
        ppi=PIXELS_AN_INCH,
        sys_inputs={"drawing": (DRAWINGS / f"{name}.svg").read_text(encoding="utf-8")},
    )
    assert isinstance(made, bytes)  # noqa: S101  (one page is one file; this tells the type)
    return made
