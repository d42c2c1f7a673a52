"""How pictures are put into pages."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django.utils import translation

from oda_portal.files import renditions
from tests.factories import PhotoFactory
from tests.files.test_renditions import photo

pytestmark = pytest.mark.django_db


def drawn(subject, options: str = "") -> str:
    context = Context({"photo": subject, "renditions": renditions.renditions_for([subject])})
    template = Template("{% load pictures %}{% picture photo renditions " + options + " %}")
    return " ".join(template.render(context).split())


def test_picture_offers_formats_and_sizes_with_a_jpeg_for_all():
    picture = photo(alt_ko="우물가의 <아이들>")
    renditions.make_renditions(picture)
    urls = {
        (row.format, row.width): row.file.url
        for row in renditions.renditions_for([picture])[picture.pk]
    }

    html = drawn(picture)

    assert re.findall(r'<source type="([^"]+)"', html) == ["image/avif", "image/webp"]
    for format in ("avif", "webp", "jpg"):
        sizes = ", ".join(f"{urls[format, width]} {width}w" for width in (480, 960, 1600))
        assert f'srcset="{sizes}"' in html
    assert f'src="{urls["jpg", 1600]}"' in html
    assert 'width="1600" height="1200"' in html
    assert 'alt="우물가의 &lt;아이들&gt;"' in html
    assert 'loading="lazy"' in html
    assert html.count("sizes=") == 3


def test_picture_alone_on_its_page_is_not_lazy():
    picture = photo((300, 200))
    renditions.make_renditions(picture)

    html = drawn(picture, "large=True")

    assert "loading=" not in html
    assert 'fetchpriority="high"' in html


def test_picture_is_there_with_its_first_rendition_alone():
    picture = photo()
    renditions.make_first_rendition(picture)

    html = drawn(picture)

    assert "<source" not in html
    assert 'width="960" height="720"' in html


def test_picture_says_the_language_of_its_text_where_it_is_another():
    picture = photo((300, 200), alt_ko="우물")
    renditions.make_renditions(picture)

    with translation.override("en"):
        assert 'alt="우물" lang="ko"' in drawn(picture)
    with translation.override("ko"):
        assert "lang=" not in drawn(picture)


def test_picture_without_renditions_is_the_drawn_cover():
    html = drawn(PhotoFactory())

    assert html.startswith("<svg")
    assert "<img" not in html
