"""Articles as tests ask for them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.files.base import ContentFile

from news.models import Article, ArticlePhoto, Attachment
from tests.factories import (
    ArticleFactory,
    CityFactory,
    CountryFactory,
    OrganisationFactory,
    ProgramFactory,
    SourceFactory,
)
from tests.files import samples

LANGUAGES = [("", "ko"), ("/en", "en"), ("/zh-hans", "zh-hans")]


def article_of(day: int, **fields: Any) -> Article:
    """Registered on a day of May 2024, at noon in Korea."""
    return ArticleFactory(registered_at=datetime(2024, 5, day, 3, tzinfo=UTC), **fields)


def add_photo(article: Article, *, with_picture: bool = False, **fields: Any) -> ArticlePhoto:
    words = {"caption_ko": "사진", "caption_en": "A caption", "caption_zh_hans": "图片"}
    if with_picture:
        fields["image"] = ContentFile(samples.picture("JPEG"), name="a.jpg")
    return ArticlePhoto.objects.create(article=article, **{**words, **fields})


def attach(article: Article, ending: str = "pdf", *, readable: bool = False) -> Attachment:
    words = {"title_ko": "붙임", "title_en": "Annex", "title_zh_hans": "附件"}
    twin = ContentFile(samples.pdf(), name="b.pdf") if readable else ""
    file = ContentFile(b"content", name=f"a.{ending}")
    return Attachment.objects.create(article=article, file=file, readable=twin, **words)


def add_one_of_everything(article: Article) -> None:
    add_photo(article, with_picture=True)
    attach(article, "hwp", readable=True)
    article.programs.add(ProgramFactory())
    article.countries.add(CountryFactory())
    article.cities.add(CityFactory())
    article.organisations.add(OrganisationFactory())
    article.sources.add(SourceFactory())
