"""Pictures of what is not public yet: below the preview’s own address, made when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import Http404, HttpResponse
from django.urls import reverse
from PIL import Image

from oda_portal.files.encoding import encode
from oda_portal.files.models import Rendition
from oda_portal.files.renditions import FIRST_WIDTH
from oda_portal.files.storages import private_storage

from .models import Preview

SALT = "oda_portal.previewing.pictures"


@dataclass(frozen=True)
class _Address:
    url: str


@dataclass(frozen=True)
class StandIn:
    """What pages ask of a `Rendition`, of one that was never made."""

    file: _Address
    width: int
    height: int
    format: str = Rendition.Format.JPEG


def stand_ins(preview: Preview, row: Any) -> list[StandIn]:
    """One size of a stored picture; none when it cannot be read."""
    try:
        with row.image.open() as stored, Image.open(stored) as image:
            width, height = image.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return []
    shown = min(width, FIRST_WIDTH)
    # Whoever holds a link can ask for the pictures that its page names, and for no others. The row
    # may be there for this one look: what stays is the stored file.
    name = signing.dumps([preview.pk, row.image.name], salt=SALT, compress=True)
    url = reverse("previewing:picture", args=[preview.token, name])
    return [StandIn(_Address(url), shown, max(1, round(height * shown / width)))]


def picture_response(preview: Preview, name: str) -> HttpResponse:
    """Raises Http404 for what this preview does not show, or what cannot be read."""
    try:
        number, stored_name = signing.loads(name, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error
    if number != preview.pk:
        raise Http404
    try:
        with private_storage().open(stored_name) as stored:
            [made] = encode(stored, [Rendition.Format.JPEG], steps=[FIRST_WIDTH])
    except OSError as error:
        raise Http404 from error
    return HttpResponse(made.content, content_type="image/jpeg")
