"""Every public address in three languages, for search engines."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Model
from django.urls import reverse

from news.models import Article
from oda_portal.languages import HTML_LANG
from oda_portal.opendata.registry import Dataset, datasets
from oda_portal.pages.models import Page, Service
from oda_portal.publishing.models import PublishableQuerySet
from partners.models import City, Organisation, PartnerActivity
from programs.models import Program
from volunteers.models import Call
from volunteers.rounds import Round, rounds


class PortalSitemap(Sitemap):
    """Three addresses for each page; `templates/sitemap.xml` names the languages as pages do."""

    i18n = True
    alternates = True
    x_default = True
    protocol = settings.SITE_URL.split(":")[0]

    def get_domain(self, site: Any = None) -> str:
        return settings.SITE_URL.split("//")[1]

    def get_languages_for_item(self, item: Any) -> list[str]:
        return list(HTML_LANG)


class FixedSitemap(PortalSitemap):
    def items(self) -> list[str]:
        return [
            "home",
            "programs:program_list",
            "programs:figures",
            "programs:partner_program_list",
            "programs:map_page",
            "partners:partner_index",
            "partners:city_list",
            "partners:organisation_list",
            "partners:agreement_list",
            "partners:activity_list",
            "network_public:role_matrix",
            "volunteers:volunteer_index",
            "volunteers:call_list",
            "volunteers:round_list",
            "forums:forum_list",
            "news:article_list",
            "gallery:photo_list",
            "pages:service_list",
            "subscribing:subscribe",
            "feeds:feed_list",
            "opendata:data_index",
            "api_docs",
            "iati:iati_index",
            "pages:faq_list",
            "search:search",
            "pages:site_map",
            "pages:source_list",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class PublishedSitemap(PortalSitemap):
    """Whatever of a model is published now."""

    limit = 5000

    def __init__(self, rows: PublishableQuerySet) -> None:
        self.rows = rows

    def items(self) -> Iterable[Model]:
        return self.rows.published().order_by("pk")

    def lastmod(self, item: Any) -> Any:
        return item.changed_at


class DatasetSitemap(PortalSitemap):
    """Pages of the datasets that are registered."""

    def items(self) -> list[Dataset]:
        return datasets()

    def location(self, item: Dataset) -> str:
        return reverse("opendata:dataset_detail", args=[item.name])


class RoundSitemap(PortalSitemap):
    """Rounds of deployments, which are read from the programmes."""

    def items(self) -> list[Round]:
        return rounds()

    def location(self, item: Round) -> str:
        return reverse("volunteers:round_detail", args=[item.key])


SITEMAPS = {
    "fixed": FixedSitemap,
    # What only shows how the site works is not for search engines.
    "programs": PublishedSitemap(Program.objects.filter(is_demonstration=False)),
    "cities": PublishedSitemap(City.objects.abroad()),
    "organisations": PublishedSitemap(Organisation.objects.all()),
    "activities": PublishedSitemap(PartnerActivity.objects.all()),
    "calls": PublishedSitemap(Call.objects.filter(is_demonstration=False)),
    "rounds": RoundSitemap,
    "articles": PublishedSitemap(Article.objects.all()),
    "datasets": DatasetSitemap,
    "services": PublishedSitemap(Service.objects.all()),
    "pages": PublishedSitemap(Page.objects.all()),
}
