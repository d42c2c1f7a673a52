"""Documents: their kinds, how each is looked at, and how each is given out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from .hwp import check_hwp
from .pdf import check_pdf
from .refusals import refusal
from .zipped import check_zipped

TYPES = _("PDF, HWP, HWPX, DOCX, XLSX, PPTX, ODT, ODS or ODP")

_OPENXML = "application/vnd.openxmlformats-officedocument."
_OPENDOCUMENT = "application/vnd.oasis.opendocument."


class Kind(NamedTuple):
    content_type: str
    # Takes the whole content, raises ValidationError.
    check: Callable[[bytes], None]


def _zipped(content_type: str, ending: str) -> Kind:
    return Kind(content_type, partial(check_zipped, ending=ending))


KINDS = {
    "pdf": Kind("application/pdf", check_pdf),
    "hwp": Kind("application/x-hwp", check_hwp),
    "hwpx": _zipped("application/hwp+zip", "hwpx"),
    "docx": _zipped(f"{_OPENXML}wordprocessingml.document", "docx"),
    "xlsx": _zipped(f"{_OPENXML}spreadsheetml.sheet", "xlsx"),
    "pptx": _zipped(f"{_OPENXML}presentationml.presentation", "pptx"),
    "odt": _zipped(f"{_OPENDOCUMENT}text", "odt"),
    "ods": _zipped(f"{_OPENDOCUMENT}spreadsheet", "ods"),
    "odp": _zipped(f"{_OPENDOCUMENT}presentation", "odp"),
}


def check_document(data: bytes, ending: str) -> None:
    """Raises ValidationError unless the content is what the ending says, whole and inert."""
    if ending not in KINDS:
        raise refusal("file_type", types=TYPES)
    KINDS[ending].check(data)
