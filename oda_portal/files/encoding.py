"""A stored picture in smaller sizes and lighter formats."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from typing import IO, Any, NamedTuple

from PIL import Image

from .models import Rendition

Format = Rendition.Format

# A gallery on a phone, on a desk, and one picture alone; sharp screens take the next.
WIDTHS = (480, 960, 1600)

# A page with photographs stays within what look-and-access allows when each does.
MAX_BYTES = 200_000

# Per format: Pillow's name, its options, and qualities to try until the file is light enough.
_ENCODERS: dict[str, tuple[str, dict[str, Any], tuple[int, ...]]] = {
    # Speed 8 takes a quarter of the default's time for files of the same size.
    Format.AVIF: ("AVIF", {"speed": 8}, (60, 50, 40, 30)),
    Format.WEBP: ("WEBP", {"method": 4}, (80, 70, 60, 50, 40)),
    Format.JPEG: ("JPEG", {}, (82, 74, 66, 58, 50, 42)),
}


class Encoded(NamedTuple):
    format: str
    width: int
    height: int
    content: bytes


def encode(
    stored: IO[bytes],
    formats: Collection[str],
    *,
    steps: Sequence[int] = WIDTHS,
    skip: Collection[tuple[str, int]] = (),
) -> list[Encoded]:
    """The picture in each format and size, none larger than it is.

    `skip` names format and width of what there is already. Raises OSError, or what Pillow raises
    for broken content, when the picture cannot be read.
    """
    with Image.open(stored, formats=["JPEG", "PNG"]) as original:
        width, height = original.size
        wanted = [
            (format, step)
            for step in _widths(width, steps)
            for format in formats
            if (format, step) not in skip
        ]
        if not wanted:
            return []
        sizes = {step: (step, max(1, round(height * step / width))) for _format, step in wanted}
        picture = _decoded(original, sizes[max(sizes)])
    scaled = {step: _scaled(picture, size) for step, size in sizes.items()}
    return [Encoded(format, *sizes[step], _light(scaled[step], format)) for format, step in wanted]


def _widths(width: int, steps: Sequence[int]) -> list[int]:
    """The sizes in which a picture of this width is given out; a smaller one as it is."""
    return sorted({min(step, width) for step in steps})


def _scaled(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)


def _decoded(original: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Not much larger than needed, in a mode that every encoder takes."""
    # A JPEG can be decoded at a half, a quarter or an eighth, in that much less time.
    original.draft("RGB", size)
    return original.convert("RGBA" if original.has_transparency_data else "RGB")


def _light(image: Image.Image, format: str) -> bytes:
    """Encoded at the first quality that is light enough, or at the last one there is."""
    encoder, options, qualities = _ENCODERS[format]
    if format == Format.JPEG and image.mode == "RGBA":
        image = _on_white(image)
    content = b""
    for quality in qualities:
        target = io.BytesIO()
        image.save(target, encoder, quality=quality, **options)
        content = target.getvalue()
        if len(content) <= MAX_BYTES:
            break
    return content


def _on_white(image: Image.Image) -> Image.Image:
    page = Image.new("RGB", image.size, "white")
    page.paste(image, mask=image.getchannel("A"))
    return page
