"""The feeds, and the page that says which there are and how to use them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news.filters import ArticleFilter
from news.models.articles import Kind
from oda_portal.calendars import occasions
from oda_portal.languages import HTML_LANG
from oda_portal.missing import MissingError
from oda_portal.pages.furniture import foot_of, office
from oda_portal.publishing.freshness import public
from oda_portal.publishing.texts import text_in, without_controls
from partners.models import Country

from .entries import entry_of, newest, tag
from .formats import Atom, Rss

FORMATS: Mapping[str, type[Atom] | type[Rss]] = {"atom": Atom, "rss": Rss}


@require_safe
@public
def news_feed(request: HttpRequest, form: str) -> HttpResponse:
    """The newest articles in the language of the address; `kind` and `country` leave some."""
    kind, country = request.GET.get("kind", ""), request.GET.get("country", "")
    name = _feed_name(kind, country)
    language = translation.get_language() or settings.LANGUAGE_CODE
    query = urlencode(
        [(key, value) for key, value in (("kind", kind), ("country", country)) if value]
    )
    end = f"?{query}" if query else ""
    feed = FORMATS[form](
        title=without_controls(name),
        link=settings.SITE_URL + reverse("news:article_list") + end,
        description=without_controls(office()["hero_lead"]),
        language=HTML_LANG[language],
        author_name=without_controls(office()["name"]),
        feed_url=settings.SITE_URL + request.path + end,
        feed_guid=tag(f"news/feed/{language}/{kind}/{country}"),
        feed_copyright=_("Korea Open Government License (KOGL), Type 1: credit the source."),
    )
    for article in newest(kind, country):
        feed.add_item(**entry_of(article, office()["name"]))
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _feed_name(kind: str, country: str) -> str:
    """What the feed holds, in words; MissingError for a kind or a country that there is not."""
    parts = [office()["name"], _("News")]
    if kind:
        if kind not in Kind.values:
            raise MissingError(_("There is no such kind of news."))
        parts.append(str(Kind(kind).label))
    if country:
        # No database is asked for what no code can be, NUL among it.
        found = Country.objects.filter(code=country).first() if country.isalpha() else None
        if found is None:
            raise MissingError(_("There is no such country or area."))
        parts.append(text_in(found, "name").text)
    return " · ".join(parts)


@require_safe
@public
def feed_list(request: HttpRequest) -> HttpResponse:
    """Every feed in words, with addresses to copy."""
    countries = ArticleFilter().filters["country"].extra["choices"]
    return render(
        request,
        "feeds/feed_list.html",
        {
            "kinds": [("", _("All news")), *Kind.choices],
            "countries": countries,
            "occasions": [("", _("All deadlines and events")), *occasions.kinds().items()],
            "calendar_url": settings.SITE_URL + reverse("feeds:calendar"),
            "webcal_url": _webcal(reverse("feeds:calendar")),
            **foot_of(),
            "crumbs": [{"label": _("Feeds and calendar")}],
        },
    )


def _webcal(path: str) -> str:
    """The address in the form that calendar programs take for their own."""
    return "webcal://" + settings.SITE_URL.split("//")[1] + path
