"""What of news can be found: articles, and the attachments by their titles."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oda_portal.publishing.texts import in_lines
from oda_portal.search.places import Place, register_place
from oda_portal.search.registry import Content, Searched, own, register, together
from oda_portal.search.results import Kind
from partners.models import City, Country, Organisation

from .models import Article, ArticlePhoto, Attachment


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
    for place in PLACES:
        register_place(place)


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
        precision=article.precision,
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
        precision=article.precision,
        years=[day.year],
    )


PLACES = (
    Place(
        "subscribing:subscribe",
        _("Get updates"),
        (
            *("구독", "구독하기", "구독 신청", "소식 받기", "뉴스레터", "알림 신청", "이메일 구독"),
            *("subscribe", "subscription", "newsletter", "email updates", "mailing list"),
            *("订阅", "邮件订阅", "订阅消息", "订阅新闻"),
        ),
    ),
    Place(
        "feeds:feed_list",
        _("Feeds and calendar"),
        (
            *("RSS", "Atom", "피드", "구독 주소", "달력 구독", "일정", "ICS", "feed"),
            *("calendar", "calendar feed", "RSS订阅", "日历订阅", "信息源"),
        ),
    ),
    Place(
        "gallery:photo_list",
        _("Gallery"),
        (
            *("갤러리", "사진첩", "사진 모음", "활동 사진", "photos", "photographs", "pictures"),
            *("照片", "相册", "图库", "活动照片"),
        ),
    ),
    Place("news:article_list", _("All news"), ("새소식", "소식 목록", "news list", "新闻列表")),
    Place(
        "news:article_list",
        _("Notices"),
        ("공지", "announcements", "通知公告"),
        query="?kind=notice",
    ),
    Place(
        "news:article_list",
        _("Press releases"),
        ("보도", "press", "新闻发布"),
        query="?kind=press",
    ),
)
