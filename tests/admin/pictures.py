"""Files to upload in tests."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def a_picture(name: str = "picture.jpg", size: tuple[int, int] = (800, 600)) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", size, "#0b50d0").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")
