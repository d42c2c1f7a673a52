"""How a picture is put into a page: which files, for which screens, in which place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .models import Rendition

# The lightest first: a browser takes the first that it knows.
TYPES = {
    Rendition.Format.AVIF: "image/avif",
    Rendition.Format.WEBP: "image/webp",
    Rendition.Format.JPEG: "image/jpeg",
}


@dataclass(frozen=True)
class Source:
    """All sizes of one format: `srcset` as it stands in the element."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Picture:
    """`src` is the JPEG that every browser shows; `width` and `height` are its own."""

    sources: tuple[Source, ...]
    srcset: str
    src: str
    width: int
    height: int


def picture(renditions: Iterable[Rendition]) -> Picture | None:
    """What a page needs of a picture's renditions; None while there is no JPEG among them."""
    by_format: dict[str, list[Rendition]] = {}
    for rendition in sorted(renditions, key=lambda one: one.width):
        by_format.setdefault(rendition.format, []).append(rendition)
    jpegs = by_format.pop(Rendition.Format.JPEG, [])
    if not jpegs:
        return None
    largest = jpegs[-1]
    return Picture(
        sources=tuple(
            Source(type, _srcset(by_format[format]))
            for format, type in TYPES.items()
            if format in by_format
        ),
        srcset=_srcset(jpegs),
        src=largest.file.url,
        width=largest.width,
        height=largest.height,
    )


def _srcset(sizes: Iterable[Rendition]) -> str:
    return ", ".join(f"{size.file.url} {size.width}w" for size in sizes)
