"""Pictures: what is taken and what becomes of it, what is refused and that nothing stays."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from PIL import Image

from oda_portal.files.checks import checked_image
from tests.files import samples

TYPES = "We cannot take this kind of file. Save it as JPEG, PNG, WebP or AVIF and attach it again."
MISMATCH = (
    "The contents do not match the file’s name ending. "
    "Save it again in its own program and attach it."
)
DAMAGED = "This file is damaged and cannot be opened. Save it again or attach another."
PIXELS = "This picture is too large. Make each side 5000 pixels or less and attach it again."
EMPTY = "This file is empty. Check it and attach it again."

# Pieces of code that a server or a browser could be brought to run.
PHP = b"<?php system($_GET['c']); ?>"
HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = samples.picture("GIF", "P")

REFUSED = {
    "text as PNG": ("notes.png", b"Just some words.", MISMATCH),
    "HTML as JPEG": ("page.jpg", HTML, MISMATCH),
    "HTML by its name": ("page.html", HTML, TYPES),
    "SVG": ("drawing.svg", SVG, TYPES),
    "SVG as PNG": ("drawing.png", SVG, MISMATCH),
    "PHP": ("shell.php", PHP, TYPES),
    "PHP behind a GIF's head": ("shell.jpg", b"GIF89a" + PHP, MISMATCH),
    "PHP behind a JPEG's head": ("shell.jpg", b"\xff\xd8\xff\xe0" + PHP, DAMAGED),
    "PHP name before an ending": ("shell.php.png", PHP, MISMATCH),
    "picture with a PHP name": ("photo.php", samples.picture("JPEG"), TYPES),
    "GIF": ("moving.gif", GIF, TYPES),
    "GIF as JPEG": ("moving.jpg", GIF, MISMATCH),
    "GIF that is script too": ("moving.png", b"GIF89a/*" + GIF[8:] + b"*/=1;alert(1)", MISMATCH),
    "PNG as JPEG": ("drawing.jpg", samples.picture("PNG"), MISMATCH),
    "no ending": ("photo", samples.picture("JPEG"), TYPES),
    "TIFF": ("scan.tiff", samples.picture("TIFF"), TYPES),
    "HEIC": ("phone.heic", samples.heic(), TYPES),
    "HEIC as JPEG": ("phone.jpg", samples.heic(), TYPES),
    "empty": ("nothing.png", b"", EMPTY),
    "cut off": ("half.jpg", samples.picture("JPEG", size=(900, 900))[:3000], DAMAGED),
    "only a head": ("head.png", samples.picture("PNG")[:20], DAMAGED),
    "PNG bomb": ("bomb.png", samples.png_bomb(60_000, 60_000), PIXELS),
    "PNG a little too wide": ("wide.png", samples.png_bomb(5001, 10), PIXELS),
    "JPEG bomb": ("bomb.jpg", samples.jpeg_bomb(65_000, 65_000), PIXELS),
    "WebP bomb": ("bomb.webp", samples.webp_bomb(16_000), PIXELS),
    "JPEG of many passes": ("slow.jpg", samples.scan_bomb(), DAMAGED),
}


def refuse(name: str, content: bytes, language: str = "en") -> list[str]:
    with pytest.raises(ValidationError) as refused:
        checked_image(samples.upload(name, content))
    with translation.override(language):
        return refused.value.messages


def left_behind(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", REFUSED)
def test_checked_image_refuses_and_stores_nothing(name, tmp_path):
    sent_as, content, message = REFUSED[name]

    assert refuse(sent_as, content) == [message]
    assert left_behind(tmp_path) == []


def test_checked_image_refuses_in_the_editors_language():
    said = {language: refuse("a.gif", GIF, language) for language in ("ko", "en", "zh-hans")}

    assert said == {
        "ko": ["올릴 수 없는 형식입니다. JPEG, PNG, WebP 또는 AVIF 형식으로 바꾸어 올려 주세요."],
        "en": [TYPES],
        "zh-hans": ["不支持该文件格式，请转换为JPEG、PNG、WebP或AVIF后上传。"],
    }


def test_checked_image_says_how_large_a_large_file_is(settings, tmp_path):
    settings.IMAGE_MAX_BYTES = 1024 * 1024
    content = samples.picture("JPEG") + bytes(1024 * 1024)

    messages = refuse("large.jpg", content)

    assert messages == ["This file is 1.1 MB. Make it 1 MB or smaller and attach it again."]
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "content", "format", "mode"),
    [
        ("photo.jpg", samples.picture("JPEG"), "JPEG", "RGB"),
        ("PHOTO.JPEG", samples.picture("JPEG"), "JPEG", "RGB"),
        ("print.jpg", samples.picture("JPEG", "CMYK"), "JPEG", "RGB"),
        ("grey.jpg", samples.picture("JPEG", "L"), "JPEG", "L"),
        ("screen.png", samples.picture("PNG"), "JPEG", "RGB"),
        ("logo.png", samples.half_clear_png(), "PNG", "RGBA"),
        ("idle.png", samples.picture("PNG", "RGBA"), "JPEG", "RGB"),
        ("chart.png", samples.picture("PNG", "P"), "PNG", "P"),
        ("ink.png", samples.picture("PNG", "1"), "PNG", "1"),
        ("deep.png", samples.picture("PNG", "I;16"), "JPEG", "L"),
        ("web.webp", samples.picture("WEBP"), "JPEG", "RGB"),
        ("new.avif", samples.picture("AVIF"), "JPEG", "RGB"),
        ("moving.webp", samples.moving_webp(), "JPEG", "RGB"),
        ("nul\0.php\0.png", samples.picture("PNG", "P"), "PNG", "P"),
        ("사진 " * 60 + ".jpg", samples.picture("JPEG"), "JPEG", "RGB"),
    ],
)
def test_checked_image_takes(name, content, format, mode):
    taken = checked_image(samples.upload(name, content))

    with Image.open(taken) as image:
        assert (image.format, image.mode, image.size) == (format, mode, (60, 40))
        assert getattr(image, "n_frames", 1) == 1
    assert taken.name == {"JPEG": "file.jpg", "PNG": "file.png"}[format]


def test_checked_image_keeps_only_pixels_and_turns_them_upright():
    sent = samples.telling_jpeg()
    assert b"SERIAL-4711" in sent

    taken = checked_image(samples.upload("IMG_0815.jpg", sent)).read()

    for secret in (b"Telling Camera", b"SERIAL-4711", b"taken at home", b"Exif", b"ICC_PROFILE"):
        assert secret not in taken
    with Image.open(io.BytesIO(taken)) as image:
        assert image.size == (40, 60)
        assert dict(image.getexif()) == {}
        top, bottom = image.getpixel((20, 5)), image.getpixel((20, 55))
    assert top[0] > 200 > 60 > top[2]
    assert bottom[2] > 200 > 60 > bottom[0]


def test_checked_image_drops_what_lies_behind_the_end():
    behind = samples.zipped({"evil.exe": b"MZ" * 100})
    sent = samples.picture("JPEG") + behind
    assert zipfile.is_zipfile(io.BytesIO(sent))

    taken = checked_image(samples.upload("photo.jpg", sent)).read()

    assert not zipfile.is_zipfile(io.BytesIO(taken))
    assert taken.endswith(b"\xff\xd9")


def test_checked_image_drops_texts_of_a_png():
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Comment", PHP.decode())
    sent = samples.picture("PNG", "P", pnginfo=notes, dpi=(300, 300))

    taken = checked_image(samples.upload("chart.png", sent)).read()

    assert PHP in sent
    assert PHP not in taken
    with Image.open(io.BytesIO(taken)) as image:
        assert image.info == {}


def test_checked_image_shows_colours_of_another_profile_in_srgb():
    """In this profile red and blue have changed places."""
    sent = samples.picture("JPEG", icc_profile=samples.swapped_profile(), quality=95)

    taken = checked_image(samples.upload("photo.jpg", sent))

    with Image.open(taken) as image:
        left = image.getpixel((5, 20))
    assert left[2] > 200 > 60 > left[0]


def test_checked_image_on_a_full_disk_says_so_and_leaves_nothing(tmp_path):
    content = samples.noisy_jpeg(400)

    with samples.full_disk():
        messages = refuse("photo.jpg", content)

    assert messages == [
        "We could not store the file. What you wrote is still here. Try again in a few minutes."
    ]
    assert left_behind(tmp_path) == []


def test_checked_image_that_no_row_takes_is_removed(tmp_path):
    taken = checked_image(samples.upload("photo.jpg", samples.picture("JPEG")))
    assert len(left_behind(tmp_path)) == 1

    del taken

    assert left_behind(tmp_path) == []
