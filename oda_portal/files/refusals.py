"""Why a file is not taken, in the editor's words: what is wrong, and what to do about it."""

from __future__ import annotations

import math

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEGABYTE = 1024 * 1024

MESSAGES = {
    "file_required": _("Attach a file."),
    "file_large": _("This file is %(size)s MB. Make it %(max)s MB or smaller and attach it again."),
    "file_empty": _("This file is empty. Check it and attach it again."),
    "file_type": _("We cannot take this kind of file. Save it as %(types)s and attach it again."),
    "file_mismatch": _(
        "The contents do not match the file’s name ending. "
        "Save it again in its own program and attach it."
    ),
    "file_damaged": _(
        "This file is damaged and cannot be opened. Save it again or attach another."
    ),
    "file_locked": _("This file has a password. Remove it and attach the file again."),
    "file_active": _(
        "We do not take files with macros or scripts. Save it as a PDF and attach that."
    ),
    "image_pixels": _(
        "This picture is too large. Make each side %(max)s pixels or less and attach it again."
    ),
    "file_store": _(
        "We could not store the file. What you wrote is still here. Try again in a few minutes."
    ),
}


def refusal(code: str, **params: str | int | Promise) -> ValidationError:
    """The error to raise for one of MESSAGES, with its placeholders."""
    return ValidationError(MESSAGES[code], code=code, params=params)


def too_large(size: int, limit: int) -> ValidationError:
    # Rounded up: a file just above the limit must not be said to be as large as the limit.
    shown = math.ceil(size * 10 / MEGABYTE) / 10
    return refusal("file_large", size=f"{shown:g}", max=f"{limit / MEGABYTE:g}")
