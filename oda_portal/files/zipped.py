"""Office documents that are ZIP files: Word, Excel, PowerPoint, OpenDocument and HWPX.

They are read part by part in memory and never unpacked to the disk.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from pathlib import PurePosixPath
from xml.parsers import expat

import olefile

from .containers import OLE_MAGIC, does_nothing, holds_package
from .refusals import refusal

# A report of 20 MB with many pictures stays far below these; a bomb does not.
MAX_ENTRIES = 3000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
# Small parts pack better than any limit: an empty sheet of a few kilobytes does no harm.
FREE_OF_RATIO = 10 * 1024 * 1024
# The parts that are read as text are lists of other parts.
MAX_LIST = 5 * 1024 * 1024

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)

_CHUNK = 1024 * 1024
_ENTRY = b"PK\x01\x02"
# Office programs use no others, and each other one would be one more reader to trust.
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_OPENXML = "application/vnd.openxmlformats-officedocument."
_OPENDOCUMENT = "application/vnd.oasis.opendocument."

# What the list of content types must name, and what the part `mimetype` must say.
MAIN_PARTS = {
    "docx": f"{_OPENXML}wordprocessingml.document.main+xml",
    "xlsx": f"{_OPENXML}spreadsheetml.sheet.main+xml",
    "pptx": f"{_OPENXML}presentationml.presentation.main+xml",
}
MIMETYPES = {
    "odt": f"{_OPENDOCUMENT}text",
    "ods": f"{_OPENDOCUMENT}spreadsheet",
    "odp": f"{_OPENDOCUMENT}presentation",
    "hwpx": "application/hwp+zip",
}

_PROGRAMS = {
    "exe",
    "dll",
    "scr",
    "com",
    "bat",
    "cmd",
    "ps1",
    "vbs",
    "js",
    "hta",
    "jar",
    "msi",
    "lnk",
}
_MACRO_PARTS = {"vbaproject.bin", "vbadata.xml"}
_MACRO_FOLDERS = {"basic", "scripts", "activex", "macros", "macrosheets"}

# A target that lies outside the document, however its mode is given.
_ELSEWHERE = re.compile(r"\s*(?:\w{3,}:|\\\\|//)")
# Word names its user's own template so; nothing leaves the machine that opens it.
_OWN_DISK = re.compile(r"\s*file:///[a-z]:[\\/]")


def check_zipped(data: bytes, ending: str) -> None:
    """Raises ValidationError unless the document is whole, inert and of the ending's kind."""
    if data.startswith(OLE_MAGIC):
        raise refusal("file_locked" if _is_wrapped(data) else "file_mismatch")
    if not data.startswith(b"PK\x03\x04"):
        raise refusal("file_mismatch")
    # Counted before the list is read: reading it makes an object of each entry.
    if data.count(_ENTRY) > 10 * MAX_ENTRIES:
        raise refusal("file_damaged")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive.infolist())
            _check_kind(archive, ending)
            _check_parts(archive)
    except _BROKEN as error:
        raise refusal("file_damaged") from error


def _is_wrapped(data: bytes) -> bool:
    """Whether this is how Office keeps a document with a password."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as wrapper:
            return wrapper.exists("EncryptedPackage")
    except Exception:
        # The reader has many errors for a broken container.
        return False


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    """What the list of parts says, before any of them is read."""
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise refusal("file_locked")
    names = {entry.orig_filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if (
        len(entries) > MAX_ENTRIES
        or len(names) < len(entries)
        or unpacked > MAX_UNPACKED
        or unpacked > max(FREE_OF_RATIO, packed * MAX_RATIO)
        or not all(_is_plain(entry) for entry in entries)
        or any(entry.compress_type not in _PACKINGS for entry in entries)
    ):
        raise refusal("file_damaged")


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    """A part inside the document: no link, and no way out of the folder it is unpacked to."""
    name = entry.orig_filename.replace("\\", "/")
    if stat.S_ISLNK(entry.external_attr >> 16) or "\0" in name or ":" in name:
        return False
    return not name.startswith("/") and ".." not in name.split("/")


def _check_kind(archive: zipfile.ZipFile, ending: str) -> None:
    if ending in MIMETYPES:
        _check_mimetype(archive, MIMETYPES[ending])
        return
    types = _text(archive, "[Content_Types].xml").lower()
    if "macroenabled" in types or "vbaproject" in types:
        raise refusal("file_active")
    if MAIN_PARTS[ending] not in types:
        raise refusal("file_mismatch")


def _check_mimetype(archive: zipfile.ZipFile, expected: str) -> None:
    if _text(archive, "mimetype").strip() != expected:
        raise refusal("file_mismatch")
    if "encryption-data" in _text(archive, "META-INF/manifest.xml"):
        raise refusal("file_locked")


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part that lists others. Raises ValueError when it is too long for one."""
    if archive.getinfo(name).file_size > MAX_LIST:
        raise ValueError(name)
    return archive.read(name)


def _text(archive: zipfile.ZipFile, name: str) -> str:
    """A part that lists others; empty when there is none. Raises ValueError when it is no list."""
    if name not in archive.namelist():
        return ""
    content = _part(archive, name)
    is_wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = content.decode("utf-16" if is_wide else "utf-8", errors="replace")
    if "<!DOCTYPE" in text:
        raise ValueError(name)
    return text


def _check_parts(archive: zipfile.ZipFile) -> None:
    for entry in archive.infolist():
        name = entry.filename.lower()
        path = PurePosixPath(name)
        if path.parts and path.parts[0] == "scripts" and not entry.is_dir():
            _check_script(archive, entry)
        elif (
            path.name in _MACRO_PARTS
            or path.suffix.removeprefix(".") in _PROGRAMS
            or not _MACRO_FOLDERS.isdisjoint(path.parts[:-1])
            or (path.suffix == ".rels" and _fetches(_part(archive, entry.filename)))
        ):
            raise refusal("file_active")
        _check_content(archive, entry)


def _check_script(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """HWPX documents hold empty scripts by default; in the others there is no such folder."""
    content = _part(archive, entry.filename)
    if not does_nothing(content.decode("utf-16-le" if b"\0" in content else "utf-8")):
        raise refusal("file_active")


def _fetches(relationships: bytes) -> bool:
    """Whether opening the document would load something from another place.

    Read by a real parser: an encoding or an attribute written oddly must not hide it. Raises
    ValueError for what is no XML, or brings declarations of its own.
    """
    found = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rsplit(":", 1)[-1].lower() != "relationship":
            return
        told = {key.rsplit(":", 1)[-1].lower(): value.lower() for key, value in attributes.items()}
        target = told.get("target", "")
        outside = told.get("targetmode") == "external" or _ELSEWHERE.match(target)
        harmless = told.get("type", "").endswith("/hyperlink") or _OWN_DISK.match(target)
        found.append(bool(outside) and not harmless)

    def refuse(*_declaration: object) -> None:
        raise ValueError("a list of relationships declares nothing")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(relationships, True)
    except expat.ExpatError as error:
        raise ValueError("a list of relationships is XML") from error
    return any(found)


def _check_content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read a part to its end, which compares its size and checksum with what the list says."""
    is_object = "/embeddings/" in f"/{entry.filename.lower()}"
    before = b""
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            # With the end of the chunk before: the mark may lie across the border.
            if is_object and holds_package(before[-100:] + chunk):
                raise refusal("file_active")
            before = chunk
