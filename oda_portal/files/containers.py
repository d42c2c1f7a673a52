"""What office formats have in common: a password wrapper, packed programs, scripts of Hangul."""

from __future__ import annotations

import re

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# How Windows keeps a file of any kind, a program too, inside a document.
_PACKAGE = "\x01Ole10Native".encode("utf-16-le")

# Hangul writes these into every document, whether or not anybody wrote a macro: two names, and
# an empty function for each event.
# A comment that nobody ends goes to the end: else each further beginning is searched anew.
_COMMENT = re.compile(r"//[^\r\n\u2028\u2029]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_NAMES = re.compile(r"var\s+\w+\s*=\s*(XHwpDocuments|Documents\.Active_XHwpDocument)\s*;")
_EMPTY_FUNCTION = re.compile(r"function\s+\w+\s*\(\s*\)\s*\{\s*\}")


def holds_package(data: bytes) -> bool:
    """Whether an embedded object is a packed file instead of a chart or a formula."""
    return _PACKAGE in data


def does_nothing(script: str) -> bool:
    """Whether a script of Hangul is what the program writes by itself."""
    rest = _COMMENT.sub("", script)
    rest = _NAMES.sub("", rest)
    return not _EMPTY_FUNCTION.sub("", rest).strip("\ufeff\0 \t\r\n")
