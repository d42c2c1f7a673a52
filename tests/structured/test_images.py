"""Pages of photographs say what they show, whose they are, and on what terms."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from news.models import ArticlePhoto
from oda_portal.files.renditions import make_first_rendition
from programs.models import Photo
from tests.factories import ArticleFactory, OfficeFactory, PhotoFactory
from tests.files import samples

from .reading import graph_of, kinds_in, node_of, page_at, shown

pytestmark = pytest.mark.django_db


def a_photo(source: str, **fields: object) -> Photo | ArticlePhoto:
    if source == "program":
        return PhotoFactory(**fields)
    words = {"caption_ko": "사진", "caption_en": "A caption", "caption_zh_hans": "图片"}
    return ArticlePhoto.objects.create(article=ArticleFactory(), **{**words, **fields})


def pages_of(photo: Photo | ArticlePhoto, source: str) -> list[str]:
    own = [photo.get_absolute_url()] if isinstance(photo, Photo) else []
    return [*own, reverse("gallery:photo_detail", args=[source, photo.pk])]


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
@pytest.mark.parametrize("source", ["program", "news"])
def test_photograph_is_an_image_with_its_terms(client: Client, source: str, prefix: str, settings):
    OfficeFactory()
    image = ContentFile(samples.picture("JPEG"), name="a.jpg")
    photo = a_photo(source, image=image, credit="부산광역시", licence=4)
    (rendition,) = make_first_rendition(photo)

    for path in pages_of(photo, source):
        page = page_at(client, prefix + path)
        node = node_of(graph_of(page), "ImageObject")
        assert node["@id"] == f"{settings.SITE_URL}{prefix}{path}#picture"
        assert node["contentUrl"] == settings.SITE_URL + rendition.file.url
        assert (node["width"], node["height"]) == (rendition.width, rendition.height)
        assert node["license"] == "https://www.kogl.or.kr/info/licenseType4.do"
        assert node["creditText"] == "부산광역시"
        assert node["caption"] in shown(page)
        assert node["creditText"] in shown(page)


@pytest.mark.parametrize("source", ["program", "news"])
def test_drawing_is_no_image_of_what_it_stands_for(client: Client, source: str):
    OfficeFactory()

    for path in pages_of(photo := a_photo(source), source):
        assert "ImageObject" not in kinds_in(graph_of(page_at(client, path))), photo


def test_licence_without_a_page_of_its_own_leads_to_all(client: Client):
    OfficeFactory()
    photo = PhotoFactory(image=ContentFile(samples.picture("JPEG"), name="a.jpg"), licence=0)
    make_first_rendition(photo)

    node = node_of(graph_of(page_at(client, photo.get_absolute_url())), "ImageObject")

    assert node["license"] == "https://www.kogl.or.kr/info/license.do"
    assert "creditText" not in node
