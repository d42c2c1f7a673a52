"""Pictures: looked at by content, ending and a real decode, and encoded anew.

What is stored is pixels only: no place, no serial number, no profile, nothing behind the end.
"""

from __future__ import annotations

import io
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from .refusals import refusal

TYPES = _("JPEG, PNG, WebP or AVIF")

# The name endings that each kind of content may have.
ENDINGS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF"}

# A whole picture of the greatest sides, decoded, takes about 100 MB of memory.
MAX_PIXELS = 25_000_000

# Each scan of a progressive JPEG is a pass over all pixels; programs write about ten.
MAX_SCANS = 100
_SCAN = b"\xff\xda"

QUALITY = 90


def clean_image(data: bytes, ending: str) -> tuple[IO[bytes], str]:
    """The picture encoded anew, and the ending of what it is now.

    Raises ValidationError when it is not a picture of a known kind, too large, or broken.
    """
    kind = _kind(data)
    if ending not in ENDINGS or kind == "HEIC":
        raise refusal("file_type", types=TYPES)
    if kind != ENDINGS[ending]:
        raise refusal("file_mismatch")
    image = _opened(data, kind)
    if max(image.size) > settings.IMAGE_MAX_SIDE or image.width * image.height > MAX_PIXELS:
        raise refusal("image_pixels", max=settings.IMAGE_MAX_SIDE)
    if kind == "JPEG" and data.count(_SCAN) > MAX_SCANS:
        raise refusal("file_damaged")
    return _encoded(_decoded(image), keep_png=kind == "PNG")


def _kind(data: bytes) -> str:
    """What the first bytes say; empty for anything that we do not take."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        brands = data[8 : min(int.from_bytes(data[:4]), 128)]
        if b"avif" in brands or b"avis" in brands:
            return "AVIF"
        if any(brand in brands for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1")):
            return "HEIC"
    return ""


def _opened(data: bytes, kind: str) -> Image.Image:
    """The picture with its header read and nothing decoded."""
    try:
        return Image.open(io.BytesIO(data), formats=[kind])
    except Image.DecompressionBombError as error:
        raise refusal("image_pixels", max=settings.IMAGE_MAX_SIDE) from error
    except Exception as error:
        # Decoders raise nearly anything for broken content.
        raise refusal("file_damaged") from error


def _decoded(image: Image.Image) -> Image.Image:
    """The first frame, upright, in sRGB, in one of the modes 1, L, P, RGB and RGBA."""
    try:
        image.load()
        upright = ImageOps.exif_transpose(image)
        return _without_idle_alpha(_in_plain_mode(_in_srgb(upright)))
    except Exception as error:
        raise refusal("file_damaged") from error


def _in_srgb(image: Image.Image) -> Image.Image:
    """Colours as a screen shows them, so that the profile is no longer needed."""
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    if image.mode == "P":
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    output = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode=output) or image
    except (ImageCms.PyCMSError, OSError):
        # The profile is broken or for other colours; the picture is still worth showing.
        return image


def _in_plain_mode(image: Image.Image) -> Image.Image:
    if image.mode in ("1", "L", "P", "RGB", "RGBA"):
        if image.mode != "P" and "transparency" in image.info:
            return image.convert("RGBA")
        return image
    if image.mode.startswith("I"):
        # Sixteen bits a pixel; a plain conversion would cut them off instead of scaling them.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _without_idle_alpha(image: Image.Image) -> Image.Image:
    """An alpha channel that hides nothing would keep a photograph from becoming a JPEG."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB")
    return image


def _encoded(image: Image.Image, *, keep_png: bool) -> tuple[IO[bytes], str]:
    """PNG for what has alpha, a palette or two colours; JPEG for everything else."""
    as_png = image.mode == "RGBA" or (keep_png and image.mode in ("1", "P"))
    # Some encoders write what they find here: comments, profiles, resolutions.
    kept = image.info.get("transparency") if image.mode == "P" else None
    image.info = {} if kept is None else {"transparency": kept}
    content = io.BytesIO()
    if as_png:
        image.save(content, "PNG")
        return content, "png"
    if image.mode == "1":
        image = image.convert("L")
    # Full colour resolution keeps coloured letters of screenshots legible.
    image.save(content, "JPEG", quality=QUALITY, subsampling=0)
    return content, "jpg"
