"""Documents of Hangul (HWP 5): an OLE container with a header that says what is in it."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

import olefile

from .containers import OLE_MAGIC, does_nothing, holds_package
from .refusals import refusal

SIGNATURE = b"HWP Document File"

# Bits of the header's properties.
COMPRESSED = 1 << 0
# Password, for distribution only, rights management, and two that need a certificate: in all of
# them the text and the scripts are enciphered, and nobody can look inside.
LOCKED = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8 | 1 << 10

# Far more than a script or an object of a 20 MB document needs.
MAX_UNPACKED = 100 * 1024 * 1024


def check_hwp(data: bytes) -> None:
    """Raises ValidationError unless the document is whole, open and without macros."""
    if not data.startswith(OLE_MAGIC):
        raise refusal("file_mismatch")
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as document:
            locked, active = _look(document)
    except _OtherError as error:
        raise refusal("file_mismatch") from error
    except Exception as error:
        # The reader has many errors for a broken container.
        raise refusal("file_damaged") from error
    if locked:
        raise refusal("file_locked")
    if active:
        raise refusal("file_active")


class _OtherError(Exception):
    """An OLE container, but none of Hangul."""


def _look(document: olefile.OleFileIO) -> tuple[bool, bool]:
    """Whether the document is locked, and whether something in it acts."""
    if not document.exists("FileHeader"):
        raise _OtherError
    header = document.openstream("FileHeader").read(40)
    if not header.startswith(SIGNATURE):
        raise _OtherError
    properties = int.from_bytes(header[36:40], "little")
    if properties & LOCKED:
        return True, False
    if not (document.exists("DocInfo") and document.exists("BodyText")):
        raise ValueError("no text")
    packed = bool(properties & COMPRESSED)
    return False, any(_acts(path, content, packed) for path, content in _streams(document))


def _streams(document: olefile.OleFileIO) -> Iterator[tuple[list[str], bytes]]:
    """Everything in the document by path. Raises ValueError unless all of it is there."""
    paths = document.listdir()
    # Streams that share their bytes would make a small file endless to read.
    if sum(map(document.get_size, paths)) > document.fp.seek(0, io.SEEK_END):
        raise ValueError("more than there is")
    for path in paths:
        content = document.openstream(path).read()
        if len(content) != document.get_size(path):
            raise ValueError("less than there should be")
        yield path, content


def _acts(path: list[str], content: bytes, packed: bool) -> bool:
    folder, name = path[0].lower(), path[-1].lower()
    if folder == "scripts" and name != "jscriptversion":
        script = "".join(_strings(_inflated(content) if packed else content))
        return not does_nothing(script)
    if folder == "bindata" and name.endswith(".ole"):
        return holds_package(content) or holds_package(_inflated_if_packed(content))
    return False


def _inflated_if_packed(content: bytes) -> bytes:
    """Embedded objects may be packed or not, whatever the header says."""
    try:
        return _inflated(content)
    except zlib.error:
        return content


def _inflated(content: bytes) -> bytes:
    """Raises zlib.error for content that is not packed, ValueError for a bomb."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    unpacked = unpacker.decompress(content, MAX_UNPACKED)
    if unpacker.unconsumed_tail:
        raise ValueError("too much")
    return unpacked


def _strings(content: bytes) -> list[str]:
    """The texts of a script: each behind its length in characters, until a length of -1."""
    found, position = [], 0
    while position + 4 <= len(content):
        length = int.from_bytes(content[position : position + 4], "little")
        if length == 0xFFFFFFFF:
            break
        start, end = position + 4, position + 4 + 2 * length
        if end > len(content):
            raise ValueError("a script shorter than it says")
        found.append(content[start:end].decode("utf-16-le"))
        position = end
    return found
