"""Files as people and attackers send them, made in memory."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

OPENXML = "application/vnd.openxmlformats-officedocument."
OPENDOCUMENT = "application/vnd.oasis.opendocument."
WORD_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types><Override PartName="/word/document.xml" '
    f'ContentType="{OPENXML}wordprocessingml.document.main+xml"/></Types>'
)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


# --- pictures --------------------------------------------------------------------------------
def picture(
    format: str, mode: str = "RGB", size: tuple[int, int] = (60, 40), **options: Any
) -> bytes:
    """Left half red, right half blue, so that turning it shows."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    content = io.BytesIO()
    image.convert(mode).save(content, format, **options)
    return content.getvalue()


def telling_jpeg() -> bytes:
    """A photograph as a phone takes it: on its side, with place, serial number, comment."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by a quarter to see it upright
    exif[0x010F] = "Telling Camera"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (37.0, 26.0, 57.0)
    exif.get_ifd(0x8769)[0xA431] = "SERIAL-4711"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return picture("JPEG", exif=exif, comment=b"taken at home", icc_profile=profile, quality=95)


def png_bomb(width: int, height: int) -> bytes:
    """A valid head that promises many pixels, and next to no content."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def jpeg_bomb(width: int, height: int) -> bytes:
    content = bytearray(picture("JPEG"))
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def scan_bomb() -> bytes:
    """A progressive JPEG whose last pass is repeated: every pass goes over all pixels again."""
    content = picture("JPEG", progressive=True)
    last = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + last * 200 + content[-2:]


def webp_bomb(side: int) -> bytes:
    content = bytearray(moving_webp())
    canvas = content.index(b"VP8X") + 12
    content[canvas : canvas + 6] = (side - 1).to_bytes(3, "little") * 2
    return bytes(content)


def moving_webp() -> bytes:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("green", "yellow")]
    return picture("WEBP", save_all=True, append_images=frames)


def half_clear_png() -> bytes:
    image = Image.new("RGBA", (60, 40), (255, 0, 0, 128))
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def noisy_jpeg(side: int) -> bytes:
    """A picture that hardly packs."""
    content = io.BytesIO()
    Image.effect_noise((side, side), 80).convert("RGB").save(content, "JPEG", quality=90)
    return content.getvalue()


def swapped_profile() -> bytes:
    """sRGB with the names of red and blue exchanged in its table of tags."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for red, blue in ((b"rXYZ", b"bXYZ"), (b"rTRC", b"bTRC")):
        profile = profile.replace(red, b"????").replace(blue, red).replace(b"????", blue)
    return profile


def heic() -> bytes:
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)


# --- PDF -------------------------------------------------------------------------------------
def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **options: Any) -> bytes:
    """One empty page; `change` gets the document before it is written."""
    document = pikepdf.new()
    document.add_blank_page()
    if change:
        change(document)
    content = io.BytesIO()
    options.setdefault("object_stream_mode", pikepdf.ObjectStreamMode.generate)
    document.save(content, **options)
    return content.getvalue()


def lzw_bomb() -> bytes:
    """A PDF of some 100 kB whose table of objects unpacks to gigabytes."""
    run = "".join(_spaces())
    bits = f"{256:09b}" + f"{256:012b}".join([run] * 400)
    bits += "0" * (-len(bits) % 8)
    packed = int(bits, 2).to_bytes(len(bits) // 8)
    head = b"%PDF-1.5\n"
    stream = (
        b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /LZWDecode /Length "
        + str(len(packed)).encode()
        + b" >>\nstream\n"
        + packed
        + b"\nendstream\nendobj\n"
    )
    table = len(head) + len(stream)
    rows = [(0, 0, 65535), (2, 5, 0), *[(0, 0, 0)] * 3, (1, len(head), 0), (1, table, 0)]
    entries = b"".join(struct.pack(">BIH", *row) for row in rows)
    return (
        head
        + stream
        + b"6 0 obj\n<< /Type /XRef /W [1 4 2] /Size 7 /Root 1 0 R /Length "
        + str(len(entries)).encode()
        + b" >>\nstream\n"
        + entries
        + b"\nendstream\nendobj\nstartxref\n"
        + str(table).encode()
        + b"\n%%EOF"
    )


def _spaces() -> Iterator[str]:
    """LZW codes of a run of spaces: each stands for one space more than the one before it."""
    yield f"{32:09b}"
    width = 9
    for code in range(258, 4094):
        yield f"{code:0{width}b}"
        width += code + 1 in (511, 1023, 2047)


# --- zipped ----------------------------------------------------------------------------------
def zipped(parts: dict[str, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", packing) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def docx(**more: bytes | str) -> bytes:
    """`more` maps names of further parts, or of these to replace them."""
    return zipped({"[Content_Types].xml": WORD_TYPES, "word/document.xml": "<w:document/>"} | more)


def openxml(kind: str) -> bytes:
    return zipped({"[Content_Types].xml": f'<Override ContentType="{OPENXML}{kind}.main+xml"/>'})


def opendocument(kind: str, **more: bytes | str) -> bytes:
    return _with_mimetype(OPENDOCUMENT + kind, more)


def hwpx(**more: bytes | str) -> bytes:
    return _with_mimetype("application/hwp+zip", more)


def _with_mimetype(mimetype: str, more: dict[str, bytes | str]) -> bytes:
    parts = {"mimetype": mimetype, "META-INF/manifest.xml": "<manifest/>", "content.xml": "<x/>"}
    return zipped(parts | more)


def with_link() -> bytes:
    content = io.BytesIO(docx())
    with zipfile.ZipFile(content, "a") as archive:
        link = zipfile.ZipInfo("word/link.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return content.getvalue()


def twice_the_same() -> bytes:
    """Two programs may read two different documents out of this one."""
    content = io.BytesIO(docx())
    with zipfile.ZipFile(content, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("word/document.xml", "<w:document>other</w:document>")
    return content.getvalue()


def lying_zip() -> bytes:
    """A part of 30 MB that the list says is four bytes long."""
    size = 30_000_000
    content = docx(**{"word/big.xml": bytes(size)})
    return content.replace(struct.pack("<I", size), struct.pack("<I", 4))


def with_damaged_part() -> bytes:
    content = zipped({"[Content_Types].xml": WORD_TYPES, "word/document.xml": "<w:document/>"}, 0)
    return content.replace(b"<w:document/>", b"<w:DOCUMENT/>")


def with_locked_part() -> bytes:
    """The flag alone: what the part holds does not matter, since nobody can read it."""
    content = bytearray(docx())
    last = content.rindex(b"PK\x01\x02")
    content[last + 8] |= 1
    return bytes(content)


# --- OLE -------------------------------------------------------------------------------------
SECTOR = 512
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def ole(streams: dict[str, bytes]) -> bytes:
    """A container with streams by path (`A` or `A/B`), as small as the format allows."""
    # Streams under 4096 bytes would lie in a second table.
    padded = {path: content.ljust(4096, b"\0") for path, content in streams.items()}
    folders = sorted({path.split("/")[0] for path in padded if "/" in path})
    names = ["Root Entry", *folders, *padded]
    directory_size = -(-len(names) // 4)
    sizes = {path: -(-len(content) // SECTOR) for path, content in padded.items()}
    table_size = -(-(directory_size + sum(sizes.values()) + 4) // 128)
    table = [TABLE] * table_size + [*range(table_size + 1, table_size + directory_size), END]
    starts = {}
    for path, size in sizes.items():
        starts[path] = len(table)
        table += [*range(len(table) + 1, len(table) + size), END]
    table += [FREE] * (table_size * 128 - len(table))
    entries = b"".join(
        _entry(name, number, names, starts, padded) for number, name in enumerate(names)
    ).ljust(directory_size * SECTOR, b"\0")
    body = b"".join(content.ljust(sizes[path] * SECTOR, b"\0") for path, content in padded.items())
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b""),
        *(0, table_size, table_size, 0, 4096, END, 0, END, 0),
    )
    head += struct.pack("<109I", *range(table_size), *[FREE] * (109 - table_size))
    return head + struct.pack(f"<{len(table)}I", *table) + entries + body


def _entry(
    name: str, number: int, names: list[str], starts: dict[str, int], streams: dict[str, bytes]
) -> bytes:
    """A directory entry; the children of a folder hang on one another's right side."""

    def parent(path: str) -> str:
        return path.split("/")[0] if "/" in path else "Root Entry"

    siblings = [i for i, other in enumerate(names) if i and parent(other) == parent(name)]
    later = [i for i in siblings if i > number] if number else []
    children = [i for i, other in enumerate(names) if i and parent(other) == name]
    is_stream = name in streams
    text = name.split("/")[-1].encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16sI8s8sIII",
        *(text, len(text), 5 if not number else 2 if is_stream else 1, 1),
        *(FREE, later[0] if later else FREE, children[0] if children else FREE),
        *(b"", 0, b"", b"", starts.get(name, END if not number else 0)),
        *(len(streams[name]) if is_stream else 0, 0),
    )


DEFAULT_SCRIPT = "function OnDocument_New()\r\n{\r\n\t//todo : \r\n}\r\n"


def hwp(flags: int = 1, script: str = DEFAULT_SCRIPT, **more: bytes) -> bytes:
    header = b"HWP Document File".ljust(32, b"\0") + b"\x00\x00\x05\x05" + struct.pack("<I", flags)
    names = "var Documents = XHwpDocuments;\r\nvar Document = Documents.Active_XHwpDocument;\r\n"
    texts = [names, script, "", ""]
    code = b"".join(struct.pack("<I", len(text)) + text.encode("utf-16-le") for text in texts)
    return ole(
        {
            "FileHeader": header,
            "DocInfo": deflated(b"info"),
            "BodyText/Section0": deflated(b"text"),
            "Scripts/DefaultJScript": deflated(code + b"\xff\xff\xff\xff"),
            "Scripts/JScriptVersion": deflated(b"\x01\0\0\0\0\0\0\0"),
        }
        | more
    )


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


# --- the machine -----------------------------------------------------------------------------
@contextmanager
def full_disk(room: int = 20_000) -> Iterator[None]:
    """No file of this process may grow beyond `room` bytes: writing fails as on a full disk."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
