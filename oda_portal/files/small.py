"""A stored picture, small, for staff: it need not be public yet."""

from __future__ import annotations

import io

from django.db.models.fields.files import FieldFile
from django.http import HttpResponse
from PIL import Image

SIZE = (320, 240)


def small_picture(file: FieldFile) -> HttpResponse:
    """Whoever asks has asked who may see it. Raises FileNotFoundError when it is gone."""
    with file.open() as stored, Image.open(stored) as image:
        image.draft("RGB", SIZE)
        image.thumbnail(SIZE)
        content = io.BytesIO()
        image.convert("RGB").save(content, "JPEG", quality=80)
    response = HttpResponse(content.getvalue(), content_type="image/jpeg")
    # The address changes with every new picture, so that browsers may keep what they have.
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
