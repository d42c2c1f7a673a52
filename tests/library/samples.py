"""Pictures and documents of the library, for tests."""

from __future__ import annotations

import io
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from oda_portal.accounts.models import User
from oda_portal.library import actions
from oda_portal.library.models import Document, Picture, Subject
from tests.files.samples import pdf

ALT = {"alt_ko": "새 교실", "alt_en": "A new classroom", "alt_zh_hans": "新教室"}
CAPTION = {"caption_ko": "학교", "caption_en": "School", "caption_zh_hans": "学校"}
TITLE = {"title_ko": "연간 보고서", "title_en": "Annual report", "title_zh_hans": "年度报告"}
DETAILS = actions.Details(licence=1)
_numbers = count(1)


def picture_file(name: str = "학교.jpg", size: tuple[int, int] = (800, 600)) -> SimpleUploadedFile:
    """Another picture each time."""
    content = io.BytesIO()
    number = next(_numbers)
    image = Image.new("RGB", size, "#0b50d0")
    # Its number in stripes: neighbouring colours would be the same once they are a JPEG.
    for bit in range(16):
        if number >> bit & 1:
            image.paste("white", (bit * size[0] // 16, 0, (bit + 1) * size[0] // 16, size[1]))
    image.save(content, "PNG")
    return SimpleUploadedFile(name.replace(".jpg", ".png"), content.getvalue(), "image/png")


def document_file(name: str = "보고서.pdf") -> SimpleUploadedFile:
    """Another document each time."""
    title = f"number {next(_numbers)}"

    def change(document: Any) -> None:
        document.docinfo["/Title"] = title

    return SimpleUploadedFile(name, pdf(change), "application/pdf")


def held_picture(by: User | None = None, **said: Any) -> Picture:
    """Described, so that it can be used; give `alt_en=""` for one that is not."""
    row: Any = actions.take(picture_file(), details=DETAILS, by=by).row
    return _with(row, {**ALT, **CAPTION, **said})


def held_document(by: User | None = None, **said: Any) -> Document:
    row: Any = actions.take(document_file(), details=DETAILS, by=by).row
    return _with(row, {**TITLE, **said})


def _with(row: Any, said: dict[str, Any]) -> Any:
    for name, value in said.items():
        setattr(row, name, value)
    row.save()
    return row


def a_subject() -> Subject:
    return Subject.objects.create(name_ko="학교", name_en="Schools", name_zh_hans="学校")


RECORDS = {
    Document: (held_document, "title_ko"),
    Picture: (held_picture, "alt_ko"),
    Subject: (a_subject, "name_ko"),
}
