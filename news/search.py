"""What of news can be found: articles, and the attachments by their titles."""

from __future__ import annotations

from django.utils import timezone

from oda_portal.publishing.models import Precision
from oda_portal.search.registry import Content, Searched, in_lines, own, register, together
from oda_portal.search.results import Kind
from partners.models import City, Country, Organisation

from .models import Article, ArticlePhoto, Attachment
from .models.articles import Registered

PRECISIONS: dict[str, str] = {
    Registered.TIME: Precision.DAY,
    Registered.DAY: Precision.DAY,
    Registered.MONTH: Precision.MONTH,
}


def register_all() -> None:
    register(
        Searched(
            model=Article,
            kind=Kind.NEWS,
            content=_article,
            public=Article.objects.published,
            shown={
                Country: "countries",
                City: "cities",
                Organisation: "organisations",
                ArticlePhoto: "photos",
            },
        )
    )
    register(
        Searched(
            model=Attachment,
            kind=Kind.DOCUMENT,
            content=_attachment,
            public=Attachment.objects.published,
            shown={Article: "article"},
            has_languages=False,
        )
    )


def _article(article: Article, language: str) -> Content:
    cities = [city for city in article.cities.all() if city.is_public()]
    places = [*article.countries.all(), *cities]
    bodies = [body for body in article.organisations.all() if body.is_public()]
    day = timezone.localdate(article.registered_at)
    return Content(
        title=own(article, "title", language),
        texts=[
            own(article, "summary", language),
            in_lines(own(article, "body", language)),
            *(own(photo, "caption", language) for photo in article.photos.all()),
        ],
        beside=[
            str(article.get_kind_display()),
            *together(own(place, "name", language) for place in places),
            *(own(body, "name", language) for body in bodies),
        ],
        date=day,
        precision=PRECISIONS[article.registered_precision],
        years=[day.year],
        countries=[country.code for country in article.countries.all()],
    )


def _attachment(attachment: Attachment, language: str) -> Content:
    title, article = own(attachment, "title", language), attachment.article
    day = timezone.localdate(article.registered_at)
    return Content(
        title=title,
        texts=[own(article, "title", language)] if title else [],
        date=day,
        years=[day.year],
    )
